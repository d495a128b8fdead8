import type { Answer, IndicatorKind } from "@assay/contract";
import type { PlannableSource } from "./plannable.ts";

/** A source as tests need it: local, enabled, JavaScript, reliability C, a family of its own. */
export function testSource(
  slug: string,
  changes: Partial<Omit<PlannableSource, "snapshot">> & { snapshot?: Partial<PlannableSource["snapshot"]> } = {},
): PlannableSource {
  const id = slug.replaceAll("-", "").padEnd(12, "0").slice(0, 12);
  const base: PlannableSource = {
    snapshot: {
      id,
      slug,
      name: slug,
      language: changes.language ?? "JAVASCRIPT",
      versionId: id,
      provider: { id, slug, name: slug, family: slug },
      exposure: "local",
      reliability: "C",
    },
    language: "JAVASCRIPT",
    enabled: true,
    providerEnabled: true,
    supportedIndicators: new Set<IndicatorKind>(["IPV4", "DOMAIN"]),
    disabledIndicators: new Set(),
    maxTlp: "RED",
    strip: [],
    hosts: [],
    secretSlots: [],
    timeoutMs: 5000,
    cacheEnabled: true,
    cacheLifetimes: { foundSeconds: 60, notFoundSeconds: 30, failedSeconds: 0, staleSeconds: 0 },
    limits: { enabled: true, quota: [], reservePercent: 0, callsPerLookup: 1, waitMs: 0, countedFor: id },
    configJson: "{}",
    code: "export const fetchData = () => ({});",
    codeHash: "0".repeat(64),
  };
  return { ...base, ...changes, snapshot: { ...base.snapshot, ...changes.snapshot } };
}

/** An answer of a source of this name, as tests need it. */
export function testAnswer(
  slug: string,
  changes: Partial<Answer> = {},
  snapshot: Partial<Answer["source"]> = {},
): Answer {
  const at = "2026-01-01T00:00:00.000Z";
  return {
    id: "000000000000",
    source: testSource(slug, { snapshot }).snapshot,
    outcome: "ok",
    problems: [],
    data: {},
    verdict: "none",
    reasons: [],
    labels: [],
    facts: {},
    relations: [],
    link: null,
    observedAt: null,
    fetchedAt: at,
    timing: { startedAt: at, endedAt: at, queuedMs: 0, sandboxMs: 0, upstreamMs: 0 },
    cache: { state: "off", ageSeconds: 0, expiresAt: null },
    http: [],
    logs: [],
    traceId: "0".repeat(32),
    ...changes,
  };
}
