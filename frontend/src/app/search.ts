import {
  actorTypes,
  BatchItemState,
  DecisionStatus,
  DecisionWord,
  IndicatorKind,
  Outcome,
  RequestStatus,
  VerdictWord,
} from "@assay/contract";

/** What stands after the `?` of each page. Whatever does not fit is left out: an address is typed by people. */
type Search = Readonly<Record<string, unknown>>;

function text(search: Search, name: string): string | undefined {
  const value = search[name];
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function oneOf<T extends string>(search: Search, name: string, allowed: readonly T[]): T | undefined {
  return allowed.find((word) => word === search[name]);
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

export interface SignInSearch {
  next?: string;
  ended?: boolean;
  /** Why a sign-in at an OpenID provider came to nothing, and the provider's name. */
  problem?: string;
  provider?: string;
}

export function signInSearch(search: Search): SignInSearch {
  return defined({
    next: text(search, "next"),
    ended: search["ended"] === true ? true : undefined,
    problem: text(search, "problem"),
    provider: text(search, "provider"),
  });
}

/** What came of linking an account at an OpenID provider. */
export function settingsSearch(search: Search) {
  return defined({
    linked: text(search, "linked"),
    problem: text(search, "problem"),
    provider: text(search, "provider"),
  });
}

/** An indicator to put in the box, as a link to a related indicator that is opened in a new tab does. */
export interface HomeSearch {
  q?: string;
  kind?: IndicatorKind;
}

export function homeSearch(search: Search): HomeSearch {
  return defined({ q: text(search, "q"), kind: oneOf(search, "kind", IndicatorKind.options) });
}

/** What the indicators of a batch are narrowed to. */
export function batchSearch(search: Search) {
  return defined({
    state: oneOf(search, "state", BatchItemState.options),
    verdict: oneOf(search, "verdict", VerdictWord.options),
    kind: oneOf(search, "kind", IndicatorKind.options),
  });
}

/** The source whose answer is open. */
export interface LookupSearch {
  source?: string;
}

export function lookupSearch(search: Search): LookupSearch {
  return defined({ source: text(search, "source") });
}

export function lookupsSearch(search: Search) {
  return defined({
    data: text(search, "data"),
    kind: oneOf(search, "kind", IndicatorKind.options),
    status: oneOf(search, "status", RequestStatus.options),
    verdict: oneOf(search, "verdict", VerdictWord.options),
    prefix: text(search, "prefix"),
    domain: text(search, "domain"),
    network: text(search, "network"),
    sourceId: text(search, "sourceId"),
    outcome: oneOf(search, "outcome", Outcome.options),
    userId: text(search, "userId"),
    from: text(search, "from"),
    to: text(search, "to"),
    /** The lookup that is open beside the list. */
    at: text(search, "at"),
  });
}

export function decisionsSearch(search: Search) {
  return defined({
    data: text(search, "data"),
    kind: oneOf(search, "kind", IndicatorKind.options),
    prefix: text(search, "prefix"),
    verdict: oneOf(search, "verdict", DecisionWord.options),
    status: oneOf(search, "status", DecisionStatus.options),
    userId: text(search, "userId"),
  });
}

export function sourcesSearch(search: Search) {
  return defined({ q: text(search, "q"), kind: oneOf(search, "kind", IndicatorKind.options) });
}

export function auditSearch(search: Search) {
  return defined({
    text: text(search, "text"),
    action: text(search, "action"),
    actorType: oneOf(search, "actorType", actorTypes),
    actorId: text(search, "actorId"),
    objectType: text(search, "objectType"),
    objectId: text(search, "objectId"),
    from: text(search, "from"),
    to: text(search, "to"),
    /** The event that is open. */
    at: text(search, "at"),
  });
}
