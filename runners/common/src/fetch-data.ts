import { status, type ServerWritableStream } from "@grpc/grpc-js";
import type { FetchDataEvent, FetchDataRequest, SourceCall } from "@assay/proto";
import type { Logger } from "@assay/process";
import { answerOf } from "./answer.ts";
import { noTiming } from "./run-record.ts";
import { runSource, type RunParts } from "./source-run.ts";
import { traceFetchData } from "./tracing.ts";
import { requestFault } from "./validate-request.ts";

const answerAheadMaxMs = 400;

export type FetchDataCall = ServerWritableStream<FetchDataRequest, FetchDataEvent>;

/**
 * When answers have to leave, as after the caller's deadline nothing gets through: a fifth of the time ahead of it, at most 400 ms.
 * That is what an executor may need to stop code that does not stop by itself.
 */
function answerByMs(call: FetchDataCall): number {
  const deadline = call.getDeadline();
  const deadlineMs = deadline instanceof Date ? deadline.getTime() : deadline;
  return deadlineMs - Math.min(answerAheadMaxMs, Math.max(0, deadlineMs - Date.now()) / 5);
}

/**
 * Serves one FetchData call: all its sources at once, one answer each, in the order in which they come. Ends with a status other
 * than OK only when the request as a whole is not valid or the runner is closing: then it aborts what is in `openCalls`.
 */
export async function serveFetchData(
  call: FetchDataCall,
  parts: RunParts,
  openCalls: Set<AbortController>,
  logger: Logger,
): Promise<void> {
  const { lookupId, indicator, sources, background = false } = call.request;
  const fault = requestFault(call.request);
  if (fault !== undefined || indicator === null) {
    call.emit("error", { code: status.INVALID_ARGUMENT, details: fault });
    return;
  }
  const controller = new AbortController();
  const { signal } = controller;
  const cancel = (): void => controller.abort();
  openCalls.add(controller);
  call.once("cancelled", cancel);
  const traced = traceFetchData(call.metadata, lookupId, sources.length);
  const answerBy = answerByMs(call);
  const send = (event: FetchDataEvent): void => {
    if (!signal.aborted) call.write(event);
  };

  async function answer(source: SourceCall): Promise<void> {
    const { sourceId } = source;
    const request = {
      call: source,
      indicator: indicator ?? { data: "", kind: "" },
      background,
      answerByMs: answerBy,
      signal,
      traceContext: traced.context,
      onMissingCode: () => send({ sourceId, event: "missingCodeHash", missingCodeHash: source.codeHash }),
    };
    try {
      send({ sourceId, event: "answer", answer: await runSource(request, parts) });
    } catch (err) {
      logger.error({ err, sourceId, lookupId }, "a source could not be run");
      const problem = { code: "INTERNAL", message: "The runner failed; its log says why." } as const;
      const failure = answerOf({ kind: "failed", problem }, { timing: noTiming, logs: [], http: [] });
      send({ sourceId, event: "answer", answer: failure });
    }
  }

  await Promise.all(sources.map(answer));
  // It is also emitted when a call has ended well.
  call.off("cancelled", cancel);
  openCalls.delete(controller);
  traced.span?.end();
  // To a caller that has left it makes no difference; one that is there tries another runner.
  if (signal.aborted) call.emit("error", { code: status.UNAVAILABLE, details: "The runner is stopping." });
  else call.end();
}
