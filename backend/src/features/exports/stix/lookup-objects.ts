import type { Request, Tlp } from "@assay/contract";
import { prunedText } from "../pruned-text.ts";
import { foreignVerdicts } from "../verdict-words.ts";
import { answerObjects } from "./answer-objects.ts";
import { tlpMarking } from "./markings.ts";
import { observe, type Observed } from "./observable.ts";
import { assayIdentity, type OwnProperties, ownId, relationshipOf, type StixObject } from "./stix-object.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** Everything that a lookup is in STIX. What lookups share has one id in all of them, and the marking `sharedTlp`. */
export function lookupObjects(request: Request, sharedTlp: Tlp): StixObject[] {
  const [marking, sharedMarking] = [tlpMarking(request.tlp), tlpMarking(sharedTlp)];
  const own = ownProperties(request, marking.id);
  const marked = (thing: StixObject): StixObject => ({ ...thing, object_marking_refs: [sharedMarking.id] });
  const observed = observe(request.kind, request.data);
  const { objects, pattern } = typeof observed === "string" ? { objects: [], pattern: null } : observed;
  const things = objects.map(marked);
  const indicator = pattern === null ? null : indicatorOf(request, pattern, own);
  const thing = things[0] ?? null;
  const about = indicator ?? thing;
  return [
    sharedMarking,
    marking,
    assayIdentity,
    ...things,
    ...(indicator ? [indicator] : []),
    ...(indicator && thing ? [relationshipOf(own, indicator, "related-to", thing, request.id)] : []),
    verdictNote(request, own, about ?? assayIdentity, observed),
    ...(about
      ? request.answers.flatMap((answer) => answerObjects({ request, answer, own, about, indicator, thing, marked }))
      : []),
  ];
}

/** A lookup is changed by every answer until it has ended. */
function ownProperties(request: Request, markingId: string): OwnProperties {
  const created = new Date(request.createdAt).toISOString();
  const changes = request.answers.map(({ timing }) => new Date(timing.endedAt).toISOString());
  const modified = request.completedAt ?? [created, ...changes].toSorted().at(-1);
  return {
    spec_version: "2.1",
    created,
    modified,
    created_by_ref: assayIdentity.id,
    labels: [`pap:${request.pap.toLowerCase()}`],
    object_marking_refs: [markingId],
    external_references: [{ source_name: "assay", external_id: request.id }],
  };
}

function indicatorOf(request: Request, pattern: string, own: OwnProperties): StixObject | null {
  const { stixIndicatorType, stixConfidence } = foreignVerdicts[request.verdict.verdict];
  if (stixIndicatorType === null) return null;
  const from = new Date(request.createdAt);
  const { decision, freshDays: days } = request.verdict;
  const until = decision?.expiresAt ?? (days === null ? null : new Date(from.getTime() + days * dayMs).toISOString());
  return {
    type: "indicator",
    ...own,
    id: ownId("indicator", request.id),
    name: request.data,
    description: `${request.verdict.rule}: ${request.verdict.text}`,
    indicator_types: [stixIndicatorType],
    pattern,
    pattern_type: "stix",
    pattern_version: "2.1",
    valid_from: from.toISOString(),
    ...(until === null ? {} : { valid_until: until }),
    confidence: stixConfidence,
  };
}

/** The verdict in words; where STIX has no object for the indicator, all that there is of it. */
function verdictNote(request: Request, own: OwnProperties, about: StixObject, observed: Observed | string): StixObject {
  const { verdict, data, kind, prunedAnswers } = request;
  const { coverage } = verdict;
  const missing =
    typeof observed === "string"
      ? `\n${observed}`
      : about === assayIdentity
        ? "\nSTIX names it in a pattern only, and an unknown indicator has none."
        : "";
  const pruned = prunedAnswers === null ? "" : `\n${prunedText(prunedAnswers)}.`;
  return {
    type: "note",
    ...own,
    id: ownId("note", request.id),
    abstract: `${data} (${kind}): ${verdict.verdict}${verdict.provisional ? ", provisional" : ""}`,
    content:
      `${verdict.rule}: ${verdict.text}\nOf ${coverage.asked} sources ${coverage.answered} answered, ${coverage.noRecord} have no record, ` +
      `${coverage.failed} failed, ${coverage.skipped} were skipped. Score ${verdict.score}.${pruned}${missing}`,
    object_refs: [about.id],
  };
}
