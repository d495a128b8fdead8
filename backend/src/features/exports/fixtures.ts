import type { Answer, IndicatorKind, Request, VerdictWord } from "@assay/contract";
import { indicatorKinds } from "@assay/indicators";
import { testAnswer } from "../lookups/fixtures.ts";

/** A completed lookup as tests need it. */
export function testRequest(changes: Partial<Request> = {}, verdict: VerdictWord = "malicious"): Request {
  return {
    id: "lookup000001",
    data: "evil.example",
    kind: "DOMAIN",
    status: "completed",
    tlp: "AMBER",
    pap: "GREEN",
    visibility: "everyone",
    createdAt: "2026-01-02T03:04:05.000Z",
    completedAt: "2026-01-02T03:04:06.000Z",
    userId: "user00000001",
    callerClass: "api",
    batchId: null,
    parentId: null,
    followUp: null,
    traceId: "0".repeat(32),
    verdict: {
      verdict,
      rule: verdict === "unknown" ? "R6" : "R2",
      text: "Accuser, of reliability A, calls it malicious",
      sources: ["accuser"],
      conflicts: [],
      score: 90,
      terms: [],
      coverage: { asked: 3, answered: 2, noRecord: 0, failed: 1, skipped: 0 },
      provisional: false,
      decision: null,
      freshDays: 90,
    },
    ignoreLists: [],
    prunedAnswers: null,
    answers: testAnswers(),
    ...changes,
  };
}

/** One that accuses and tells all it can, one that defends, one that failed. */
function testAnswers(): Answer[] {
  const accuser = testAnswer("accuser", {
    verdict: "malicious",
    reasons: [{ code: "SEEN", text: "=Seen at https://evil.example/a|b, 198.51.100.7 and <b>c2@evil.example</b>" }],
    labels: ["botnet", "+c2"],
    facts: { country: "NL", asn: 64496, malwareFamily: "Mirai", firstSeen: "2025-12-01T00:00:00+02:00" },
    relations: [
      { kind: "IPV4", data: "198.51.100.7", type: "resolves_to" },
      { kind: "URL", data: "http://evil.example/?to=https://other.example/", type: "hosts" },
      { kind: "PHONE", data: "+14155550132", type: "registered_by" },
    ],
    link: "https://accuser.example/report/1",
    observedAt: "2026-01-01T00:00:00Z",
  });
  const defender = testAnswer("defender", { verdict: "benign" });
  const broken = testAnswer("broken", {
    outcome: "failed",
    problems: [{ code: "TIMEOUT", message: "http://slow.example/ did not answer" }],
  });
  return [accuser, defender, broken];
}

/** Every kind with an indicator of it. */
export const everyKind: readonly { readonly kind: IndicatorKind; readonly data: string }[] = indicatorKinds.map(
  ({ kind, example }) => ({ kind, data: example }),
);
