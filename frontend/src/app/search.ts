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
type Readers = Readonly<Record<string, (value: unknown) => unknown>>;
type Read<R extends Readers> = { [K in keyof R]?: Exclude<ReturnType<R[K]>, undefined> };

/** Reads the parameters that a page has, each in its way. */
function reads<R extends Readers>(readers: R): (search: Search) => Read<R> {
  return (search) => {
    const values = Object.entries(readers).map(([name, read]) => [name, read(search[name])] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Read<R>;
  };
}

function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

const oneOf =
  <T extends string>(allowed: readonly T[]) =>
  (value: unknown): T | undefined =>
    allowed.find((word) => word === value);

const flag = (value: unknown): true | undefined => (value === true ? true : undefined);
const kind = oneOf(IndicatorKind.options);

export const signInSearch = reads({
  next: text,
  ended: flag,
  /** Why a sign-in at an OpenID provider came to nothing, and the provider's name. */
  problem: text,
  provider: text,
});

/** What came of linking an account at an OpenID provider. */
export const settingsSearch = reads({ linked: text, problem: text, provider: text });

/** An indicator to put in the box, as a link to a related indicator that is opened in a new tab does. */
export const homeSearch = reads({ q: text, kind });

/** What the indicators of a batch are narrowed to. */
export const batchSearch = reads({
  state: oneOf(BatchItemState.options),
  verdict: oneOf(VerdictWord.options),
  kind,
});

export const lookupSearch = reads({
  /** The source whose answer is open. */
  source: text,
});

export const lookupsSearch = reads({
  data: text,
  kind,
  status: oneOf(RequestStatus.options),
  verdict: oneOf(VerdictWord.options),
  prefix: text,
  domain: text,
  network: text,
  sourceId: text,
  outcome: oneOf(Outcome.options),
  userId: text,
  from: text,
  to: text,
  /** The lookup that is open beside the list. */
  at: text,
});

export const decisionsSearch = reads({
  data: text,
  kind,
  prefix: text,
  verdict: oneOf(DecisionWord.options),
  status: oneOf(DecisionStatus.options),
  userId: text,
});

export const sourcesSearch = reads({ q: text, kind });

export const auditSearch = reads({
  text,
  action: text,
  actorType: oneOf(actorTypes),
  actorId: text,
  objectType: text,
  objectId: text,
  from: text,
  to: text,
  /** The event that is open. */
  at: text,
});
