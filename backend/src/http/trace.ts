import type { IncomingMessage } from "node:http";
import {
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context as TraceContext,
} from "@opentelemetry/api";

const tracer = trace.getTracer("assay/http");

/** The server span of one call. */
export interface CallTrace {
  readonly traceId: string;
  /** `traceresponse` (W3C Trace Context, level 2) and the bare id. */
  readonly headers: Readonly<Record<string, string>>;
  /** Runs `work` inside the span. */
  run<T>(work: () => T): T;
  end(status: number, error?: unknown): void;
}

/** An API token that somebody put in the path, where it does not belong. */
const tokenInPath = /(?<=[0-9a-z]{12}_)[\w-]{20,}/g;

/** Starts the span, below the caller's where it sent a `traceparent`. The query is not recorded: it may hold an indicator. */
export function startCallTrace(req: IncomingMessage, method: string, route: string, path: string): CallTrace {
  const parent: TraceContext =
    req.headers["traceparent"] === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, req.headers);
  const span: Span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER }, parent);
  if (span.isRecording()) {
    span.setAttributes({
      "http.request.method": method,
      "http.route": route,
      "url.path": path.replaceAll(tokenInPath, "[redacted]"),
      "url.scheme": "http",
      "network.protocol.version": req.httpVersion,
      "client.address": req.socket.remoteAddress ?? "",
      "user_agent.original": req.headers["user-agent"] ?? "",
    });
  }
  const { traceId, spanId, traceFlags } = span.spanContext();
  const active = trace.setSpan(parent, span);
  return {
    traceId,
    headers: {
      traceresponse: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`,
      "x-trace-id": traceId,
    },
    run: (work) => context.with(active, work),
    end: (status, error) => {
      span.setAttribute("http.response.status_code", status);
      if (status >= 500) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute("error.type", error instanceof Error ? error.name : String(status));
        if (error instanceof Error) span.recordException(error);
      }
      span.end();
    },
  };
}
