import { isDeepStrictEqual } from "node:util";
import { SourceResult, sourceResultKeys } from "@assay/contract";
import type { Answer, Problem } from "@assay/proto";
import { canonicalise } from "@assay/indicators";
import type { FixtureCase } from "./fixture.ts";
import type { Replayed } from "./replay.ts";
import { type DifferenceLine, yamlDifference } from "./yaml-difference.ts";

/** What is wrong with a replayed case. */
export interface CaseProblem {
  readonly text: string;
  /** Expected (-) beside what the source answered (+). */
  readonly difference: readonly DifferenceLine[];
}

/** Why a replayed case does not pass; empty when it does. */
export function caseProblems(fixture: FixtureCase, { answer, unexpected, unused }: Replayed): CaseProblem[] {
  const problems: CaseProblem[] = [];
  const say = (text: string, difference: readonly DifferenceLine[] = []) => problems.push({ text, difference });
  for (const request of unexpected) say(`asked for what the case does not list: ${request}`);
  for (const request of unused) say(`never asked for what the case lists: ${request}`);
  const { kind, data } = fixture.indicator;
  const canonical = canonicalise(kind, data);
  if (!canonical.ok) say(`the indicator is no ${kind}: ${canonical.reason}`);
  else if (canonical.data !== data) say(`the indicator is not in canonical form; write ${canonical.data}`);

  const got = expectedOf(answer);
  const { expected } = fixture;
  if (got.outcome !== expected.outcome || !matches(expected, got)) {
    const shown = got.outcome === "failed" && expected.outcome === "failed" ? onlyNamed(expected, got) : got;
    say(`answered otherwise than expected${messageOf(answer)}`, yamlDifference(expected, shown));
  }
  if (got.outcome === "ok") for (const fault of envelopeFaults(got.result)) say(fault);
  return problems;
}

type Expected = FixtureCase["expected"];

/** What a case would have to expect for this answer to be right. */
export function expectedOf(answer: Answer): Expected {
  if (answer.outcome === "ok") return { outcome: "ok", result: JSON.parse(answer.resultJson) };
  if (answer.outcome === "not_found") return { outcome: "not_found" };
  const { code, status, retryAfterMs }: Pick<Problem, "code" | "status" | "retryAfterMs"> = answer.problem ?? {
    code: "INTERNAL",
    status: 0,
    retryAfterMs: 0,
  };
  const details = { ...(status === 0 ? {} : { status }), ...(retryAfterMs === 0 ? {} : { retryAfterMs }) };
  return { outcome: "failed", problem: { code, ...details } };
}

/** Of a problem only what the case names has to be as it says. */
function onlyNamed<Failed extends Expected & { outcome: "failed" }>(expected: Failed, got: Failed): Failed {
  const named = Object.entries(got.problem).filter(([key]) => key in expected.problem);
  return { ...got, problem: Object.fromEntries(named) };
}

function matches(expected: Expected, got: Expected): boolean {
  const compared = expected.outcome === "failed" && got.outcome === "failed" ? onlyNamed(expected, got) : got;
  return isDeepStrictEqual(expected, compared);
}

function messageOf({ problem }: Answer): string {
  if (problem === null) return "";
  const place = problem.line === 0 ? "" : ` (line ${problem.line})`;
  return `: ${problem.message}${place}`;
}

/** The opinion fields have to be valid, and every relation an indicator in canonical form, ready to be looked up itself. */
function envelopeFaults(result: unknown): string[] {
  const parsed = SourceResult.safeParse(result);
  if (!parsed.success)
    return parsed.error.issues.map((issue) => `result.${issue.path.map(String).join(".")}: ${issue.message}`);
  const foreign = Object.keys(result as object).filter((key) => !sourceResultKeys.has(key));
  const relations = parsed.data.relations.flatMap(({ kind, data }, at) => {
    const canonical = canonicalise(kind, data);
    if (canonical.ok && canonical.data === data) return [];
    const wanted = canonical.ok ? `is not in canonical form, which is ${canonical.data}` : `is no ${kind}`;
    return [`result.relations.${at}: ${JSON.stringify(data)} ${wanted}`];
  });
  return [...foreign.map((key) => `result.${key}: is no part of an answer; put it into data`), ...relations];
}
