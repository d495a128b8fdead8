import { errors } from "undici";
import { ConnectFailure } from "./connections.ts";
import { EgressError } from "./egress-error.ts";
import { ProxyFailure, ProxyRefusal } from "./proxy-tunnel.ts";

/**
 * Turns whatever a request failed with into an error fit for the author of the source. A closed and a filtered port read the same.
 * `host` is for the message; it names the port where the URL has one.
 */
export function toEgressError(error: unknown, host: string, signal: AbortSignal): EgressError {
  const cause: unknown = signal.aborted ? signal.reason : error;
  if (cause instanceof EgressError)
    return cause.host === undefined ? new EgressError(cause.code, cause.message, host) : cause;
  if (signal.aborted) return new EgressError("EGRESS_DENIED", "The run has ended.", host);
  if (cause instanceof ConnectFailure)
    return new EgressError("UPSTREAM_ERROR", describeConnect(cause.cause, host), host);
  const code = codeOf(cause);
  if (code === "UND_ERR_HEADERS_TIMEOUT") return new EgressError("TIMEOUT", `${host} took too long to answer.`, host);
  if (code === "UND_ERR_BODY_TIMEOUT")
    return new EgressError("TIMEOUT", `${host} fell silent in the middle of its answer.`, host);
  if (code === "UND_ERR_HEADERS_OVERFLOW")
    return new EgressError("BAD_RESPONSE", `The headers that ${host} sent are too large.`, host);
  if (cause instanceof errors.HTTPParserError || code === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH") {
    return new EgressError("BAD_RESPONSE", `${host} sent an answer that is not valid HTTP.`, host);
  }
  if (isDecompression(code)) {
    return new EgressError("BAD_RESPONSE", `${host} sent a compressed body that is damaged (${code}).`, host);
  }
  if (code.startsWith("ERR_HTTP2_")) return describeHttp2(cause, code, host);
  if (closedCodes.has(code)) {
    return new EgressError("UPSTREAM_ERROR", `${host} closed the connection before its answer was complete.`, host);
  }
  return new EgressError("UPSTREAM_ERROR", `The request to ${host} failed (${code}).`, host);
}

/** The other side closed the connection while something was awaited from it. */
export function isClosedConnection(error: unknown): boolean {
  return closedCodes.has(codeOf(error));
}

const closedCodes = new Set(["UND_ERR_SOCKET", "UND_ERR_INFO", "ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE"]);

function isDecompression(code: string): boolean {
  return (
    code.startsWith("Z_") || code.startsWith("ZSTD_") || code.startsWith("ERR__ERROR") || code.startsWith("ERR_BROTLI")
  );
}

const enhanceYourCalm = 11;

function describeHttp2(cause: unknown, code: string, host: string): EgressError {
  const reset = cause instanceof Error && "http2ErrorCode" in cause ? Number(cause.http2ErrorCode) : 0;
  if (reset === enhanceYourCalm) {
    // Node's word for a header block beyond its bounds, and a server's for too many requests.
    const message = `The headers that ${host} sent are too large, or it refuses further requests (HTTP/2 error ${reset}).`;
    return new EgressError("BAD_RESPONSE", message, host);
  }
  if (code === "ERR_HTTP2_STREAM_ERROR" || code === "ERR_HTTP2_STREAM_CANCEL")
    return new EgressError("UPSTREAM_ERROR", `${host} broke off its answer (HTTP/2 error ${reset}).`, host);
  return new EgressError("BAD_RESPONSE", `${host} sent an answer that is not valid HTTP/2.`, host);
}

function describeConnect(cause: unknown, host: string): string {
  if (cause instanceof ProxyFailure) return `could not connect to ${host}: the egress proxy ${cause.message}`;
  if (cause instanceof ProxyRefusal && cause.isByRule)
    return `The egress proxy does not permit a connection to ${host}.`;
  const code = codeOf(cause);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return `The certificate that ${host} shows is for another host.`;
  if (code === "CERT_HAS_EXPIRED") return `The certificate of ${host} has expired.`;
  if (/CERT|SIGNATURE|ISSUER|SELF_SIGNED/.test(code)) return `The certificate of ${host} is not trusted (${code}).`;
  if (code === "EPROTO" || code.startsWith("ERR_SSL")) return `${host} does not offer an acceptable TLS connection.`;
  return `could not connect to ${host}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}
