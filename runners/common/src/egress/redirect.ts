import { denied, EgressError } from "./egress-error.ts";
import { withoutCredentials, type HeaderPairs } from "./request-headers.ts";

/** One request as it goes out: everything but who may be asked. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderPairs;
  readonly body: Buffer | undefined;
}

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/** The Location of a response that redirects, undefined for one that does not. */
export function locationOf(status: number, headers: HeaderPairs): string | undefined {
  if (!redirectStatuses.has(status)) return undefined;
  return headers.find(([name]) => name.toLowerCase() === "location")?.[1];
}

/**
 * The request that follows a redirect, by the method rules of the Fetch standard. Whether its URL is allowed is checked where
 * every URL is. Throws an EgressError for a Location that is not a URL and for a step from https to http.
 */
export function followRedirect(previous: OutgoingRequest, status: number, location: string): OutgoingRequest {
  const from = new URL(previous.url);
  if (!URL.canParse(location, from.href)) {
    throw new EgressError("BAD_RESPONSE", `${from.host} redirects to something that is not a URL.`, from.hostname);
  }
  const to = new URL(location, from);
  if (from.protocol === "https:" && to.protocol === "http:") {
    throw denied(`${from.host} redirects from https to http, which is refused.`, to.hostname);
  }
  const becomesGet =
    (status === 303 && previous.method !== "GET" && previous.method !== "HEAD") ||
    ((status === 301 || status === 302) && previous.method === "POST");
  const carried = becomesGet ? previous.headers.filter(([name]) => !/^content-/i.test(name)) : previous.headers;
  return {
    method: becomesGet ? "GET" : previous.method,
    url: to.href,
    headers: from.origin === to.origin ? carried : withoutCredentials(carried),
    body: becomesGet ? undefined : previous.body,
  };
}
