import { isUtf8 } from "node:buffer";
import type { Context } from "@opentelemetry/api";
import { openRecord, type HttpCallRecord, type OpenRecord } from "./call-record.ts";
import { ConnectFailure, type Connections } from "./connections.ts";
import { denied, EgressError } from "./egress-error.ts";
import { exchange, type UpstreamResponse } from "./exchange.ts";
import { toEgressError } from "./failure.ts";
import { checkTransport, fillIn } from "./fill-in.ts";
import { hideInError, hideSecrets } from "./hide-secrets.ts";
import type { EgressLimits } from "./limits.ts";
import type { HttpMessage, HttpReply } from "./messages.ts";
import { followRedirect, locationOf, type OutgoingRequest } from "./redirect.ts";
import { readRateLimit } from "./rate-limit.ts";
import { checkRequestHeaders, type HeaderPairs } from "./request-headers.ts";
import type { HostResolver } from "./resolve-host.ts";
import { checkTarget, type TargetPolicy } from "./target.ts";
import { inClientSpan } from "./tracing.ts";
import type { CallSecrets } from "../secrets/call-secrets.ts";

export interface CallContext {
  readonly policy: TargetPolicy;
  readonly secrets: CallSecrets;
  readonly resolver: HostResolver;
  readonly connections: Connections;
  readonly limits: EgressLimits;
  readonly signal: AbortSignal;
  readonly traceContext: Context;
  readonly onCall: (record: HttpCallRecord) => void;
  /** Counts one request; throws an EgressError when the lease has had its share. */
  readonly takeRequest: () => void;
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Makes the request a message asks for, redirects included. Throws an EgressError. */
export async function performHttpCall(message: HttpMessage, context: CallContext): Promise<HttpReply> {
  let request = prepareRequest(message, context.limits);
  for (let redirects = 0; ; redirects += 1) {
    const { response, url } = await performHop(request, message.redirect === "follow", context);
    const location = message.redirect === "manual" ? undefined : locationOf(response.status, response.headers);
    if (location === undefined) return toReply(response, url, redirects > 0);
    if (message.redirect === "error") {
      throw new EgressError(
        "BAD_RESPONSE",
        `${url.host} redirects, and the request asked for that to be an error.`,
        url.hostname,
      );
    }
    if (redirects === context.limits.redirectsMax) {
      throw new EgressError(
        "BAD_RESPONSE",
        `More than ${context.limits.redirectsMax} redirects in a row.`,
        url.hostname,
      );
    }
    request = followRedirect(request, response.status, location);
  }
}

function prepareRequest(message: HttpMessage, limits: EgressLimits): OutgoingRequest {
  const method = message.method.toUpperCase();
  if (!methods.has(method))
    throw denied(`The method ${JSON.stringify(method)} is not allowed. Use one of ${[...methods].join(", ")}.`);
  if (message.bodyText !== undefined && message.bodyBase64 !== undefined) {
    throw denied("The request has both bodyText and bodyBase64. Give one of them.");
  }
  const body =
    message.bodyBase64 === undefined
      ? Buffer.from(message.bodyText ?? "", "utf8")
      : Buffer.from(message.bodyBase64, "base64");
  if (body.length > limits.requestBodyBytesMax)
    throw denied(`The request body is larger than ${limits.requestBodyBytesMax} bytes.`);
  const headers = checkRequestHeaders(message.headers, message.url, body.length, limits);
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  if (!names.has("user-agent")) headers.push(["User-Agent", "Assay"]);
  if (!names.has("accept")) headers.push(["Accept", "*/*"]);
  return { method, url: message.url, headers, body: body.length === 0 ? undefined : body };
}

type Hop = { readonly response: UpstreamResponse; readonly url: URL };

/** One request to one URL: counted, recorded and traced, whether or not it gets as far as the network. */
async function performHop(request: OutgoingRequest, skipRedirectBody: boolean, context: CallContext): Promise<Hop> {
  context.takeRequest();
  const { signal } = context;
  const { hideFromPeople } = context.secrets;
  const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
  const host = hideFromPeople((url?.host ?? "").slice(0, 255));
  const record = openRecord(
    {
      method: request.method,
      host,
      path: url ? hideFromPeople(url.pathname + url.search) : "",
      requestBytes: request.body?.length ?? 0,
    },
    signal,
    context.onCall,
  );
  const attributes = {
    "http.request.method": request.method,
    "server.address": hideFromPeople(url?.hostname.slice(0, 255) ?? ""),
    "url.path": hideFromPeople(url?.pathname ?? ""),
  };
  try {
    const hop = await inClientSpan(
      context.traceContext,
      `egress ${request.method} ${host}`,
      attributes,
      async (span, inner) => {
        try {
          const hop = await reach(request, skipRedirectBody, { ...context, traceContext: inner }, record);
          span.setAttribute("http.response.status_code", hop.response.status);
          return hop;
        } catch (error) {
          throw hideInError(toEgressError(error, host, signal), context.secrets);
        }
      },
    );
    record.close("");
    return hop;
  } catch (error) {
    record.close(error instanceof EgressError ? error.message : "unexpected failure");
    throw error;
  }
}

/** Checks, resolves, checks again, and tries the addresses in turn; only a connection that failed moves on to the next. */
async function reach(
  request: OutgoingRequest,
  skipRedirectBody: boolean,
  context: CallContext,
  record: OpenRecord,
): Promise<Hop> {
  const { limits, signal } = context;
  signal.throwIfAborted();
  const target = checkTarget(request.url, context.policy);
  const filled = await fillIn({ ...request, url: target.url.href }, target, context.secrets);
  const pinned = await context.resolver.resolve(target, signal, context.traceContext);
  checkTransport(filled, target, pinned);
  let failure: unknown;
  for (const address of pinned.slice(0, limits.addressesTriedMax)) {
    try {
      const upstream = context.connections.upstreamFor(target, address);
      const progress = {
        onHead: (status: number, headers: HeaderPairs) =>
          record.setHead(status, readRateLimit(status, headers, Date.now())),
        onBodyBytes: record.addResponseBytes,
      };
      const response = await exchange(upstream, filled.request, limits, { skipRedirectBody, signal, progress });
      // Here, before anybody looks at it: a redirect must not carry a value on either.
      return { response: await hideSecrets(response, context.secrets), url: target.url };
    } catch (error) {
      if (!(error instanceof ConnectFailure && error.isOfAddress)) throw error;
      failure = error;
    }
  }
  throw failure;
}

function toReply(response: UpstreamResponse, url: URL, redirected: boolean): HttpReply {
  const { status, statusText, headers, body } = response;
  const content = isUtf8(body) ? { bodyText: body.toString("utf8") } : { bodyBase64: body.toString("base64") };
  return { ok: true, status, statusText, url: url.href, redirected, headers, ...content };
}
