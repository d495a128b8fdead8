import type { SourceManifest } from "@assay/contract";
import type { FixtureCase } from "./fixture.ts";

/**
 * What the cases do not show of a source, so that "no record" is never mixed with "could not ask": kinds of indicator, and ways in
 * which an upstream can answer.
 */
export function missingCases(manifest: SourceManifest, cases: readonly FixtureCase[]): string[] {
  const kinds = new Set(cases.map(({ indicator }) => indicator.kind));
  const outcomes = new Set(
    cases.map(({ expected }) => (expected.outcome === "failed" ? expected.problem.code : expected.outcome)),
  );
  const isAskedOverHttp = manifest.hosts.some((host) => !host.startsWith("dns:"));
  const needed = ["ok", ...(manifest.hosts.length > 0 ? ["not_found", "UPSTREAM_ERROR"] : [])];
  if (isAskedOverHttp) needed.push("RATE_LIMITED", "BAD_RESPONSE");
  return [
    ...manifest.indicators.filter((kind) => !kinds.has(kind)).map((kind) => `no case asks about the kind ${kind}`),
    ...needed.filter((outcome) => !outcomes.has(outcome)).map((outcome) => `no case expects ${outcome}`),
  ];
}
