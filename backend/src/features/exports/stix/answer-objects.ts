import type { Answer, Opinion, Relation, Request, VerdictWord } from "@assay/contract";
import { askedForText } from "../asked-for-text.ts";
import { observe } from "./observable.ts";
import { type OwnProperties, ownId, relationshipOf, type StixObject } from "./stix-object.ts";

export interface AnswerPlace {
  readonly request: Request;
  readonly answer: Answer;
  readonly own: OwnProperties;
  /** What the answer is about: the indicator, or the thing itself where there is none. */
  readonly about: StixObject;
  readonly indicator: StixObject | null;
  /** null: STIX has no object for it. */
  readonly thing: StixObject | null;
  readonly marked: (thing: StixObject) => StixObject;
}

/** What one source answered: a note, its opinion of the indicator, a sighting where it says when, and what it relates it to. */
export function answerObjects(place: AnswerPlace): StixObject[] {
  const { answer, indicator } = place;
  if (answer.outcome !== "ok") return [];
  const source = sourceIdentity(answer);
  return [
    source,
    noteOf(place),
    ...(indicator ? opinionOf(place, indicator) : []),
    ...(indicator ? sightingOf(place, indicator, source) : []),
    ...answer.relations.flatMap((relation) => relationObjects(place, relation)),
  ];
}

function sourceIdentity({ source }: Answer): StixObject {
  return {
    type: "identity",
    spec_version: "2.1",
    id: ownId("identity", `source ${source.id}`),
    created: "2026-01-01T00:00:00.000Z",
    modified: "2026-01-01T00:00:00.000Z",
    name: source.name,
    identity_class: "system",
  };
}

const nameOf = ({ request, answer }: AnswerPlace): string => `${request.id} ${answer.source.id}`;

function noteOf(place: AnswerPlace): StixObject {
  const { source, verdict, reasons, labels, facts, link, askedFor } = place.answer;
  const lines = [
    verdict === "none" ? "No opinion." : `Opinion: ${verdict}.`,
    ...(askedFor === undefined ? [] : [`It was ${askedForText(askedFor)}.`]),
    ...reasons.map(({ text }) => text),
    ...(labels.length === 0 ? [] : [`Labels: ${labels.join(", ")}`]),
    ...(Object.keys(facts).length === 0 ? [] : [`Facts: ${JSON.stringify(facts)}`]),
  ];
  const references = place.own["external_references"] as readonly object[];
  return {
    type: "note",
    ...place.own,
    id: ownId("note", nameOf(place)),
    abstract: `${source.name}: ${verdict === "none" ? "no opinion" : verdict}`,
    content: lines.join("\n"),
    authors: [source.name],
    object_refs: [place.about.id],
    external_references: [...references, ...(link === null ? [] : [{ source_name: source.name, url: link }])],
  };
}

/** How far a source's opinion bears out an indicator of this verdict. */
const agreement: Readonly<Record<VerdictWord, Readonly<Partial<Record<Opinion, string>>>>> = {
  malicious: { malicious: "strongly-agree", suspicious: "agree", benign: "strongly-disagree" },
  suspicious: { malicious: "strongly-agree", suspicious: "agree", benign: "disagree" },
  benign: { malicious: "strongly-disagree", suspicious: "disagree", benign: "agree" },
  unknown: {},
};

function opinionOf(place: AnswerPlace, indicator: StixObject): StixObject[] {
  const { request, answer, own } = place;
  const opinion = agreement[request.verdict.verdict][answer.verdict];
  if (opinion === undefined) return [];
  const explanation = answer.reasons.map(({ text }) => text).join("; ");
  return [
    {
      type: "opinion",
      ...own,
      id: ownId("opinion", nameOf(place)),
      opinion,
      ...(explanation === "" ? {} : { explanation }),
      authors: [answer.source.name],
      object_refs: [indicator.id],
    },
  ];
}

/** A source that accuses and says when has seen it then. */
function sightingOf(place: AnswerPlace, indicator: StixObject, source: StixObject): StixObject[] {
  const { answer, own } = place;
  const last = answer.facts.lastSeen ?? answer.observedAt;
  if (last === null || (answer.verdict !== "malicious" && answer.verdict !== "suspicious")) return [];
  const lastSeen = new Date(last);
  const firstSeen = new Date(answer.facts.firstSeen ?? last);
  return [
    {
      type: "sighting",
      ...own,
      id: ownId("sighting", nameOf(place)),
      first_seen: (firstSeen < lastSeen ? firstSeen : lastSeen).toISOString(),
      last_seen: lastSeen.toISOString(),
      sighting_of_ref: indicator.id,
      where_sighted_refs: [source.id],
    },
  ];
}

/** Ties that the specification has between observables; the others are "related-to", with the source's word in the description. */
const commonTies: Readonly<Record<string, readonly [from: readonly string[], type: string, to: readonly string[]]>> = {
  resolves_to: [["domain-name"], "resolves-to", ["domain-name", "ipv4-addr", "ipv6-addr"]],
  belongs_to: [["ipv4-addr", "ipv6-addr"], "belongs-to", ["autonomous-system"]],
};

function relationObjects(
  { request, answer, own, about, thing, marked }: AnswerPlace,
  relation: Relation,
): StixObject[] {
  const observed = observe(relation.kind, relation.data);
  const target = typeof observed === "string" ? undefined : observed.objects[0];
  const from = thing ?? about;
  if (typeof observed === "string" || target === undefined || target.id === from.id) return [];
  const tie = commonTies[relation.type];
  const type = tie?.[0].includes(from.type) && tie[2].includes(target.type) ? tie[1] : "related-to";
  const description = `${relation.type} (${answer.source.name})`;
  const name = `${request.id} ${answer.source.id}`;
  return [...observed.objects.map(marked), relationshipOf(own, from, type, target, name, description)];
}
