import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ProviderManifest, SourceManifest, SourceResult, sourceResultKeys } from "@assay/contract";
import { canonicalise } from "@assay/indicators";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FixtureCase, readCases, sourceFolders } from "./testing/fixture.ts";
import { openReplay, type Replay } from "./testing/replay.ts";

// Guarantee: what the catalogue ships works in the real sandbox, behind the real broker, on every answer its upstream gives.
const catalogue = dirname(fileURLToPath(import.meta.url));
const sources = sourceFolders(catalogue).map((folder) => ({
  slug: basename(folder),
  folder,
  manifest: SourceManifest.parse(parse(readFileSync(join(folder, "source.yaml"), "utf8"))),
  cases: readCases(folder),
}));

let replay: Replay;

beforeAll(async () => {
  replay = await openReplay(sources.flatMap(({ cases }) => cases));
});

afterAll(() => replay.close());

test("every provider's manifest is valid, and every source names a provider of the catalogue", () => {
  const slugs = readdirSync(join(catalogue, "providers")).map((file) => basename(file, ".yaml"));
  for (const slug of slugs) {
    const text = readFileSync(join(catalogue, "providers", `${slug}.yaml`), "utf8");
    expect(ProviderManifest.safeParse(parse(text)).error, slug).toBeUndefined();
  }
  for (const { slug, manifest } of sources) expect(slugs, slug).toContain(manifest.provider);
});

/** What a case must show of a source, so that "no record" is never mixed with "could not ask". */
function missingCases(manifest: SourceManifest, cases: readonly FixtureCase[]): string[] {
  const kinds = new Set(cases.map(({ indicator }) => indicator.kind));
  const outcomes = new Set(
    cases.map(({ expected }) => (expected.outcome === "failed" ? expected.problem.code : expected.outcome)),
  );
  const isHttp = manifest.hosts.some((host) => !host.startsWith("dns:"));
  const needed = ["ok", ...(manifest.hosts.length > 0 ? ["not_found", "UPSTREAM_ERROR"] : [])];
  if (isHttp) needed.push("RATE_LIMITED", "BAD_RESPONSE");
  return [
    ...manifest.indicators.filter((kind) => !kinds.has(kind)),
    ...needed.filter((outcome) => !outcomes.has(outcome)),
  ];
}

describe.each(sources)("$slug", ({ folder, manifest, cases }) => {
  test("has a case for every kind, and for every way in which its upstream can answer", () => {
    expect(missingCases(manifest, cases)).toEqual([]);
    for (const { name, indicator } of cases)
      expect(canonicalise(indicator.kind, indicator.data), name).toEqual({ ok: true, data: indicator.data });
  });

  test.each(cases)("$name", async (fixture) => {
    const { outcome, unexpected, unused } = await replay.run(folder, manifest, fixture);
    expect({ unexpected, unused }).toEqual({ unexpected: [], unused: [] });
    const { expected } = fixture;
    if (expected.outcome === "not_found") return expect(outcome).toEqual({ kind: "notFound" });
    if (expected.outcome === "failed")
      return expect(outcome).toMatchObject({ kind: "failed", problem: expected.problem });
    expect(outcome).toMatchObject({ kind: "returned" });
    const result: unknown = outcome.kind === "returned" ? JSON.parse(outcome.json) : null;
    expect(result).toEqual(expected.result);
    expectEnvelope(result);
  });
});

/** The opinion fields are valid, and every relation is an indicator in canonical form, ready to be looked up itself. */
function expectEnvelope(result: unknown): void {
  const parsed = SourceResult.parse(result);
  expect(Object.keys(result as object).filter((key) => !sourceResultKeys.has(key))).toEqual([]);
  for (const { kind, data } of parsed.relations) expect(canonicalise(kind, data)).toEqual({ ok: true, data });
}
