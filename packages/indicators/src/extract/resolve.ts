import type { IndicatorKind } from "../indicator-kind.ts";
import { kindRules } from "../kind-rules.ts";
import type { Finding, Rejection } from "./finding.ts";

const specificity = new Map((Object.keys(kindRules) as IndicatorKind[]).map((kind, i) => [kind, i]));

function isBetter(a: Finding, b: Finding): boolean {
  const [longA, longB] = [a.end - a.start, b.end - b.start];
  return longA === longB ? (specificity.get(a.kind) ?? 0) < (specificity.get(b.kind) ?? 0) : longA > longB;
}

function byPlace(a: Rejection | Finding, b: Rejection | Finding): number {
  return a.start - b.start || b.end - a.end;
}

/** Of findings that overlap the longest stays; of equally long ones the kind that can be mistaken for least. Sorted by place. */
export function resolveFindings(found: readonly Finding[]): Finding[] {
  const kept: Finding[] = [];
  for (const finding of found.toSorted(byPlace)) {
    const last = kept.at(-1);
    if (last === undefined || last.end <= finding.start) kept.push(finding);
    else if (isBetter(finding, last)) kept[kept.length - 1] = finding;
  }
  return kept;
}

/** What was rejected, without what is part of a finding or of another rejection. `kept` is sorted by place. */
export function resolveRejections(rejected: readonly Rejection[], kept: readonly Finding[]): Rejection[] {
  const out: Rejection[] = [];
  let at = 0;
  for (const rejection of rejected.toSorted(byPlace)) {
    while (at < kept.length && kept[at]!.end <= rejection.start) at++;
    const isTaken = at < kept.length && kept[at]!.start < rejection.end;
    if (!isTaken && (out.at(-1)?.end ?? 0) <= rejection.start) out.push(rejection);
  }
  return out;
}
