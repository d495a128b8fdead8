import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
} from "@opentelemetry/api";
import type { Metadata } from "@grpc/grpc-js";
import type { Answer } from "@assay/proto";

const tracer = trace.getTracer("@assay/runner");

const metadataGetter = {
  keys: (metadata: Metadata) => Object.keys(metadata.getMap()),
  get(metadata: Metadata, key: string) {
    const [value] = metadata.get(key);
    return value === undefined ? undefined : String(value);
  },
};

/** A span under way and the context below it. `span` is undefined when the trace is not recorded. */
export interface Traced {
  readonly context: Context;
  readonly span: Span | undefined;
}

function startSpan(name: string, kind: SpanKind, attributes: Record<string, string | number>, parent: Context): Traced {
  const known = trace.getSpanContext(parent);
  // The decision was made where the trace began; what is not recorded costs nothing.
  if (known !== undefined && (known.traceFlags & TraceFlags.SAMPLED) === 0) return { context: parent, span: undefined };
  const span = tracer.startSpan(name, { kind, attributes }, parent);
  return { context: trace.setSpan(parent, span), span };
}

/** The span of one FetchData call, below the caller's. */
export function traceFetchData(metadata: Metadata, lookupId: string, sources: number): Traced {
  const parent = propagation.extract(ROOT_CONTEXT, metadata, metadataGetter);
  const attributes = { "assay.lookup.id": lookupId, "assay.sources": sources };
  return startSpan("runner.fetchData", SpanKind.SERVER, attributes, parent);
}

/** The span of one Download call, below the caller's. */
export function traceDownload(metadata: Metadata): Traced {
  return startSpan("runner.download", SpanKind.SERVER, {}, propagation.extract(ROOT_CONTEXT, metadata, metadataGetter));
}

/** The span of one run of one source. */
export function traceRun(sourceId: string, parent: Context): Traced {
  return startSpan("sandbox.run", SpanKind.INTERNAL, { "assay.source.id": sourceId }, parent);
}

/** Ends the span of a run with its outcome. */
export function endRunSpan({ span }: Traced, { outcome, problem }: Answer): void {
  if (span === undefined) return;
  span.setAttribute("assay.outcome", outcome);
  if (problem !== null) {
    span.setAttribute("assay.problem.code", problem.code);
    span.setStatus({ code: SpanStatusCode.ERROR, message: problem.message });
  }
  span.end();
}

/** Calls `work` with the trace as the active one, for log lines. */
export function within<Result>(traced: Traced, work: () => Result): Result {
  return traced.span === undefined ? work() : context.with(traced.context, work);
}
