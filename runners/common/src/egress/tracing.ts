import { SpanKind, SpanStatusCode, trace, type Attributes, type Context, type Span } from "@opentelemetry/api";
import { EgressError } from "./egress-error.ts";

/** Runs within a client span. The context given to `run` holds the span, as parent of further ones; nothing is sent upstream. */
export async function inClientSpan<Result>(
  parent: Context,
  name: string,
  attributes: Attributes,
  run: (span: Span, context: Context) => Promise<Result>,
): Promise<Result> {
  const span = trace.getTracer("assay.egress").startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
  try {
    return await run(span, trace.setSpan(parent, span));
  } catch (error) {
    const isExpected = error instanceof EgressError;
    span.setAttribute("error.type", isExpected ? error.code : "unexpected");
    span.setStatus({ code: SpanStatusCode.ERROR, ...(isExpected ? { message: error.message } : {}) });
    throw error;
  } finally {
    span.end();
  }
}
