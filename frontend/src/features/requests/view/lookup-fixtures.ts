import type { Answer, Request, RequestSummary, SourceSnapshot, Verdict } from "@assay/contract";

const at = "2026-06-01T12:00:00.000Z";

/** A source of this name; its slug and id follow from it. */
export function aSource(name: string): SourceSnapshot {
  const slug = name.toLowerCase();
  return {
    id: slug.padEnd(12, "0"),
    slug,
    name,
    language: "JAVASCRIPT",
    versionId: "version00000",
    provider: { id: "provider0000", slug, name, family: slug },
    exposure: "passive",
    reliability: "B",
  };
}

/** An answer of the source without opinion, facts or problems. */
export function anAnswer(source: SourceSnapshot, given: Partial<Answer> = {}): Answer {
  return {
    id: `answer${source.id}`.slice(0, 12),
    source,
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
    traceId: "",
    ...given,
  };
}

export function aVerdict(given: Partial<Verdict> = {}): Verdict {
  return {
    verdict: "unknown",
    rule: "R6",
    text: "",
    sources: [],
    conflicts: [],
    decision: null,
    freshDays: 30,
    score: 0,
    terms: [],
    coverage: { asked: 3, answered: 0, noRecord: 0, failed: 0, skipped: 0 },
    provisional: true,
    ...given,
  };
}

export function aRequest(given: Partial<RequestSummary> = {}): Request {
  return {
    id: "request00000",
    data: "192.0.2.1",
    kind: "IPV4",
    status: "running",
    tlp: "GREEN",
    pap: "GREEN",
    visibility: "everyone",
    createdAt: at,
    completedAt: null,
    userId: "user00000000",
    callerClass: "interactive",
    batchId: null,
    parentId: null,
    followUp: null,
    traceId: "",
    ignoreLists: [],
    prunedAnswers: null,
    verdict: aVerdict(),
    answers: [],
    ...given,
  };
}
