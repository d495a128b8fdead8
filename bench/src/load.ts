import autocannon from "autocannon";

export interface Load {
  /** Answers with a status below 300 per second. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Calls that failed or had another status. */
  readonly failed: number;
}

export interface LoadOptions {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  /** The body of the nth call. */
  readonly body?: (n: number) => string;
}

/** Sends calls for so long over so many connections, one at a time on each, from this process. */
export async function load({
  url,
  seconds,
  connections,
  method = "GET",
  headers = {},
  body,
}: LoadOptions): Promise<Load> {
  let calls = 0;
  const result = await autocannon({
    url,
    duration: seconds,
    connections,
    method,
    headers: { ...headers, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { requests: [{ setupRequest: (request) => ({ ...request, body: body(calls++) }) }] } : {}),
  });
  return {
    perSecond: result["2xx"] / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
  };
}
