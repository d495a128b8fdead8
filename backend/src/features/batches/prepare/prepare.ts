import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { fail } from "../../../problem-error.ts";
import type { PrepareTask } from "./prepare-items.ts";
import type { PreparedChunk } from "./prepare-worker.ts";

const timeoutMs = 120_000;
/** Several times what the longest text needs that is not made to need much. */
const resourceLimits = { maxOldGenerationSizeMb: 1024 };
/** Each is a thread with the whole text in memory. */
const atOnceMax = 2;
let underWay = 0;

/**
 * Reads a text or a list in a thread of its own, a few thousand indicators at a time, each time when it is asked for them: neither the
 * event loop is held up nor are all of them in this thread's memory at once.
 * @throws ProblemError UNAVAILABLE when others are being read, or it takes too long; the signal's reason when it aborts
 */
export async function* prepare(task: PrepareTask, signal: AbortSignal): AsyncGenerator<PreparedChunk> {
  signal.throwIfAborted();
  if (underWay >= atOnceMax) fail("UNAVAILABLE", "Other batches are being read. Try again in a few seconds.");
  underWay++;
  const worker = new Worker(new URL("./prepare-worker.ts", import.meta.url), { workerData: task, resourceLimits });
  // Heard by `once` while something is waited for; at any other time it has nobody to tell.
  worker.on("error", () => undefined);
  const limit = AbortSignal.timeout(timeoutMs);
  const ended = new AbortController();
  worker.once("exit", () => ended.abort(new Error("The worker that prepares a batch has ended.")));
  try {
    for (;;) {
      worker.postMessage("more", []);
      const [chunk] = (await once(worker, "message", {
        signal: AbortSignal.any([signal, limit, ended.signal]),
      })) as [PreparedChunk];
      yield chunk;
      if (chunk.end) return;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (limit.aborted || isOutOfMemory(error))
      fail("UNAVAILABLE", "Reading the batch took too long or too much memory. Send it in smaller parts.");
    throw error;
  } finally {
    underWay--;
    void worker.terminate();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
