import type { ServerUnaryCall } from "@grpc/grpc-js";
import type { DownloadReply, DownloadRequest } from "@assay/proto";
import type { EgressBroker } from "./egress/broker.ts";
import { EgressError } from "./egress/egress-error.ts";
import { traceDownload } from "./tracing.ts";

const nothing = { status: 0, etag: "", lastModified: "", text: "" };
const noPlace = { line: 0, column: 0, retryAfterMs: 0, status: 0, limit: "" };

/** Fetches one file for the backend. What the broker refuses, or an upstream fails with, is in the reply. */
export async function serveDownload(
  call: ServerUnaryCall<DownloadRequest, DownloadReply>,
  egress: EgressBroker,
  openCalls: Set<AbortController>,
): Promise<DownloadReply> {
  const { timeoutMs, ...request } = call.request;
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  openCalls.add(controller);
  call.once("cancelled", cancel);
  const traced = traceDownload(call.metadata);
  try {
    const { signal } = controller;
    const deadlineMs = Date.now() + timeoutMs;
    return {
      ...(await egress.download({ ...request, deadlineMs, signal, traceContext: traced.context })),
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof EgressError)) throw error;
    const { code, message, host = "" } = error;
    return { ...nothing, problem: { ...noPlace, code, message, host } };
  } finally {
    call.off("cancelled", cancel);
    openCalls.delete(controller);
    traced.span?.end();
  }
}
