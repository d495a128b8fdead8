import type { Context } from "@opentelemetry/api";
import { EgressError } from "./egress-error.ts";
import { performHttpCall } from "./http-call.ts";
import { type BrokerParts, openPolicy, withTimeout } from "./lease.ts";
import { noSecrets } from "../secrets/call-secrets.ts";

export interface DownloadRequest {
  readonly url: string;
  /** Of an earlier answer, for a conditional request; empty: none. */
  readonly etag: string;
  readonly lastModified: string;
  /** On the wire and after decompression. */
  readonly bytesMax: number;
  /** When all of it ends, in milliseconds as `Date.now()` counts. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly traceContext: Context;
}

export interface Download {
  readonly status: number;
  readonly etag: string;
  readonly lastModified: string;
  /** The body of a 200, else empty. */
  readonly text: string;
}

/**
 * Gets a file that the backend was told to keep up with. Its host is named, so that the operator's private exceptions hold for it; a redirect
 * may lead to any public host besides. Throws an EgressError.
 */
export function download(request: DownloadRequest, parts: BrokerParts, brokerSignal: AbortSignal): Promise<Download> {
  const { url, etag, lastModified, bytesMax, traceContext } = request;
  const host = URL.canParse(url) ? new URL(url).host : "";
  const policy = openPolicy(host === "" ? ["*"] : [host, "*"], parts);
  const limits = { ...parts.limits, wireBytesMax: bytesMax, bodyBytesMax: bytesMax };
  const headers: [string, string][] = [];
  if (etag !== "") headers.push(["If-None-Match", etag]);
  if (lastModified !== "") headers.push(["If-Modified-Since", lastModified]);
  const outer = AbortSignal.any([request.signal, brokerSignal]);
  return withTimeout(request.deadlineMs - Date.now(), outer, async (signal) => {
    const context = { ...parts, limits, policy, secrets: noSecrets, signal, traceContext, ...unobserved };
    const reply = await performHttpCall({ op: "http", method: "GET", url, headers, redirect: "follow" }, context);
    const header = (name: string): string => reply.headers.find(([each]) => each.toLowerCase() === name)?.[1] ?? "";
    if (reply.status === 200 && reply.bodyText === undefined)
      throw new EgressError("BAD_RESPONSE", `What ${host} sent is no text in UTF-8.`, host);
    return {
      status: reply.status,
      etag: header("etag"),
      lastModified: header("last-modified"),
      text: reply.status === 200 ? (reply.bodyText ?? "") : "",
    };
  });
}

/** Redirects are bounded by themselves, and there is no run to record calls of. */
const unobserved = { onCall: () => undefined, takeRequest: () => undefined };
