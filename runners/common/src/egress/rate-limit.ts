import type { RateLimit } from "@assay/proto";
import type { HeaderPairs } from "./request-headers.ts";

const second = 1000;
const dayMs = 86_400_000;
/** What a provider says is believed for so long at the most. */
const msMax = 31 * dayMs;
const countMax = 2_000_000_000;
const textCharsMax = 200;
const itemsMax = 10;
const units: Readonly<Record<string, number>> = {
  second,
  minute: 60 * second,
  hour: 3600 * second,
  day: dayMs,
  month: 31 * dayMs,
};

/**
 * What the head of an answer says about the provider's limits, in any of the dialects that are spoken; null: nothing. The values
 * come from anybody: what is no plain number or time is passed over, what is too large is cut.
 * @param nowMs milliseconds since the epoch, for limits that reset at a time of day
 */
export function readRateLimit(status: number, headers: HeaderPairs, nowMs: number): RateLimit | null {
  const texts = new Map<string, string>();
  for (const [name, text] of headers) {
    const lower = name.toLowerCase();
    if (!texts.has(lower)) texts.set(lower, text.slice(0, textCharsMax));
  }
  const said = dialects.map((read) => read(texts, nowMs)).find((words) => words?.left !== undefined);
  const retryAfterMs = timeOf(texts.get("retry-after"), nowMs);
  const stop = status === 429 || status === 509 || ((status === 403 || status === 503) && retryAfterMs !== undefined);
  if (!stop && said === undefined) return null;
  return {
    stop,
    limit: Math.min(said?.limit ?? 0, countMax),
    left: Math.min(said?.left ?? -1, countMax),
    resetMs: bounded((stop ? retryAfterMs : undefined) ?? said?.resetMs),
    windowMs: bounded(said?.windowMs),
  };
}

interface Words {
  readonly limit?: number | undefined;
  readonly left?: number | undefined;
  readonly resetMs?: number | undefined;
  readonly windowMs?: number | undefined;
}
type Texts = ReadonlyMap<string, string>;
type Dialect = (texts: Texts, nowMs: number) => Words | undefined;

/** `RateLimit: "day";r=10;t=3600`, `RateLimit: limit=100, remaining=10, reset=60`: the IETF's drafts. */
const ietf: Dialect = (texts) => {
  const text = texts.get("ratelimit");
  if (text === undefined) return undefined;
  const policies = itemsOf(texts.get("ratelimit-policy"));
  if (/\bremaining=/.test(text)) {
    const words = parametersOf(text.replaceAll(",", ";"));
    const windowMs = secondsOf(parametersOf(policies[0] ?? "").get("w"));
    return {
      limit: numberOf(words.get("limit")),
      left: numberOf(words.get("remaining")),
      resetMs: secondsOf(words.get("reset")),
      windowMs,
    };
  }
  const found = itemsOf(text).map((item) => {
    const words = parametersOf(item);
    const policy = policies.find((each) => nameOf(each) === nameOf(item));
    const limits = parametersOf(policy ?? "");
    return {
      limit: numberOf(limits.get("q")),
      left: numberOf(words.get("r")),
      resetMs: secondsOf(words.get("t")),
      windowMs: secondsOf(limits.get("w")),
    };
  });
  // Of several windows the tightest.
  return found
    .filter(({ left }) => left !== undefined)
    .toSorted((a, b) => (a.left ?? 0) - (b.left ?? 0))
    .at(0);
};

/** `X-RateLimit-*`, `RateLimit-*` and `X-Rate-Limit-*`, the last with the window's name. */
function triple(prefix: string): Dialect {
  return (texts, nowMs) => {
    const word = (name: string): string | undefined => texts.get(`${prefix}-${name}`);
    return {
      limit: numberOf(word("limit")),
      left: numberOf(word("remaining")),
      resetMs: secondsOf(word("reset-after")) ?? timeOf(word("reset"), nowMs),
      windowMs: units[(word("window") ?? "").trim().toLowerCase()],
    };
  };
}

/** `X-Rl: 44`, `X-Ttl: 60`. */
const short: Dialect = (texts) => ({ left: numberOf(texts.get("x-rl")), resetMs: secondsOf(texts.get("x-ttl")) });

/** `X-Request-Limit: 50`, `X-Request-Limit-Count: 3`, `X-Request-Limit-Interval: 300 Seconds`. */
const counting: Dialect = (texts) => {
  const limit = numberOf(texts.get("x-request-limit"));
  const count = numberOf(texts.get("x-request-limit-count"));
  const windowMs = secondsOf(texts.get("x-request-limit-interval"));
  return limit === undefined || count === undefined ? undefined : { limit, left: Math.max(0, limit - count), windowMs };
};

const dialects: readonly Dialect[] = [
  ietf,
  triple("ratelimit"),
  triple("x-ratelimit"),
  triple("x-rate-limit"),
  short,
  counting,
];

function numberOf(text: string | undefined): number | undefined {
  const digits = /^\s*(\d{1,15})(?![\w.])/.exec(text ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function secondsOf(text: string | undefined): number | undefined {
  const seconds = numberOf(text);
  return seconds === undefined ? undefined : seconds * second;
}

/** Milliseconds from now: seconds, seconds or milliseconds since the epoch, or a date. A time that has passed says nothing. */
function timeOf(text: string | undefined, nowMs: number): number | undefined {
  const number = /^\s*\d{1,15}\s*$/.test(text ?? "") ? Number(text) : undefined;
  const atMs =
    number === undefined
      ? /^\s*[\w,:+ .-]{8,40}\s*$/.test(text ?? "") && /[a-z-]/i.test(text ?? "")
        ? Date.parse(text ?? "")
        : Number.NaN
      : number >= 1e11
        ? number
        : number >= 1e9
          ? number * second
          : nowMs + number * second;
  return atMs > nowMs ? atMs - nowMs : undefined;
}

function itemsOf(text = ""): string[] {
  return text.split(",", itemsMax);
}

function nameOf(item: string): string {
  return (item.split(";", 1)[0] ?? "").trim();
}

function parametersOf(item: string): Map<string, string> {
  const pairs = item.split(";", itemsMax).map((part) => part.trim().split("=", 2));
  return new Map(pairs.map(([name = "", value = ""]) => [name.toLowerCase(), value]));
}

function bounded(ms = 0): number {
  return Math.min(Math.max(0, Math.ceil(ms)), msMax);
}
