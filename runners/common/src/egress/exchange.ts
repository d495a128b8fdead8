import type { Dispatcher } from "undici";
import type { Upstream } from "./connections.ts";
import { EgressError } from "./egress-error.ts";
import { isClosedConnection } from "./failure.ts";
import type { EgressLimits } from "./limits.ts";
import { locationOf, type OutgoingRequest } from "./redirect.ts";
import type { HeaderPairs } from "./request-headers.ts";
import { readBody } from "./response-body.ts";

export interface UpstreamResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderPairs;
  /** Decompressed. Empty where the caller wanted no redirect body. */
  readonly body: Buffer;
}

export interface ExchangeProgress {
  /** The response head is here. */
  onStatus(status: number): void;
  /** So many more bytes of body came off the wire. */
  onBodyBytes(bytes: number): void;
}

interface ExchangeOptions {
  readonly skipRedirectBody: boolean;
  readonly signal: AbortSignal;
  readonly progress: ExchangeProgress;
}

const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** What a server that closed an idle connection just then may be asked again (RFC 9110, 9.2.2). */
const repeatable = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Sends one request over pinned connections and reads the answer within the limits. With `skipRedirectBody` the body of an
 * answer that redirects is not read. A kept connection that turns out to be closed is replaced once. Throws an EgressError, the signal's reason, or what undici throws.
 */
export function exchange(
  upstream: Upstream,
  request: OutgoingRequest,
  limits: EgressLimits,
  options: ExchangeOptions,
): Promise<UpstreamResponse> {
  return upstream.gate.run(() => exchangeNow(upstream, request, limits, options), options.signal);
}

async function exchangeNow(
  upstream: Upstream,
  request: OutgoingRequest,
  limits: EgressLimits,
  options: ExchangeOptions,
): Promise<UpstreamResponse> {
  const { connected } = upstream;
  const response = await send(upstream, request, limits, options.signal).catch((error: unknown) => {
    // No connection was made since: the request went out on one that was kept, and the server may have closed it before.
    const mayBeStale = connected === upstream.connected && isClosedConnection(error);
    if (!mayBeStale || !repeatable.has(request.method) || options.signal.aborted) throw error;
    return send(upstream, request, limits, options.signal);
  });
  options.progress.onStatus(response.statusCode);
  response.body.on("error", () => undefined);
  try {
    const headers = toPairs(response.headers);
    checkHeaders(headers, limits);
    const head = { status: response.statusCode, statusText: response.statusText };
    if (options.skipRedirectBody && locationOf(head.status, headers) !== undefined) {
      return { ...head, headers, body: Buffer.alloc(0) };
    }
    const encoding = headers
      .filter(([name]) => name.toLowerCase() === "content-encoding")
      .map(([, text]) => text)
      .join(",");
    const body = await readBody(response.body, encoding, limits, (bytes) => {
      upstream.allowance.grantBody(bytes);
      options.progress.onBodyBytes(bytes);
    });
    return { ...head, headers: describeDecoded(headers, encoding !== "" && body.length > 0), body };
  } finally {
    // A body that was read to its end is past destroying; any other takes its connection with it.
    response.body.destroy();
  }
}

/** Resolves with the head of the answer. */
function send(
  { pool, allowance }: Upstream,
  request: OutgoingRequest,
  limits: EgressLimits,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const url = new URL(request.url);
  let informational = 0;
  allowance.grantRequest();
  return pool.request({
    method: request.method,
    path: url.pathname + url.search,
    headers: [...request.headers, ["accept-encoding", "gzip, deflate, br, zstd"]].flat(),
    body: request.body ?? null,
    signal,
    responseHeaders: "raw",
    onInfo() {
      informational += 1;
      if (informational > limits.informationalMax)
        throw new EgressError("BAD_RESPONSE", "The server sends 1xx answers without end.");
    },
  });
}

/** HTTP/1.1 has been held to the bytes while it was read; in HTTP/2 Node's own bounds of 128 headers and 64 KiB come first. */
function checkHeaders(headers: HeaderPairs, limits: EgressLimits): void {
  if (headers.length > limits.headersMax) {
    throw new EgressError("BAD_RESPONSE", `The answer has more than ${limits.headersMax} headers.`);
  }
  const bytes = headers.reduce((sum, [name, text]) => sum + name.length + text.length, 0);
  if (bytes > limits.headerBytesMax) {
    throw new EgressError("BAD_RESPONSE", `The headers of the answer are larger than ${limits.headerBytesMax} bytes.`);
  }
}

function toPairs(raw: unknown): [string, string][] {
  const texts = Array.isArray(raw)
    ? raw.map((part: unknown) => (Buffer.isBuffer(part) ? part.toString("latin1") : String(part)))
    : [];
  return texts.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, texts[index + 1] ?? ""]] : []));
}

/** Drops what concerns the connection, and what described the body before it was decompressed. */
function describeDecoded(headers: HeaderPairs, isDecoded: boolean): HeaderPairs {
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !hopByHop.has(lower) && !(isDecoded && (lower === "content-encoding" || lower === "content-length"));
  });
}
