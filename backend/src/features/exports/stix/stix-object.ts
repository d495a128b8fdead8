import { assayNamespace, uuidV5 } from "../uuid.ts";

/** Any STIX object; only what all have. */
export interface StixObject {
  readonly type: string;
  readonly id: string;
  readonly [property: string]: unknown;
}

/** STIX 2.1, section 2.9: the namespace of the ids of observables. */
const observableNamespace = "00abedb4-aa42-466c-9c01-fed23315a9b7";

/** The id of an observable, from the properties that the specification names for its type, as RFC 8785 writes them. */
export function observableId(type: string, contributing: Readonly<Record<string, unknown>>): string {
  return `${type}--${uuidV5(observableNamespace, canonicalJson(contributing))}`;
}

/** The id of an object that is Assay's own: the same for the same name. */
export function ownId(type: string, name: string): string {
  return `${type}--${uuidV5(assayNamespace, `${type} ${name}`)}`;
}

/** JSON with the keys in order of their UTF-16 code units and nothing between; strings and numbers as ECMAScript writes them. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(",")}}`;
}

/** What creates these objects. */
export const assayIdentity: StixObject = {
  type: "identity",
  spec_version: "2.1",
  id: ownId("identity", "assay"),
  created: "2026-01-01T00:00:00.000Z",
  modified: "2026-01-01T00:00:00.000Z",
  name: "Assay",
  identity_class: "system",
};

/** What every object that a lookup makes has alike. */
export type OwnProperties = Readonly<Record<string, unknown>>;

/** A tie between two objects; `name` makes it one of its own. */
export function relationshipOf(
  own: OwnProperties,
  from: StixObject,
  type: string,
  to: StixObject,
  name: string,
  description?: string,
): StixObject {
  return {
    type: "relationship",
    ...own,
    id: ownId("relationship", `${name} ${from.id} ${type} ${to.id} ${description ?? ""}`),
    relationship_type: type,
    ...(description === undefined ? {} : { description }),
    source_ref: from.id,
    target_ref: to.id,
  };
}
