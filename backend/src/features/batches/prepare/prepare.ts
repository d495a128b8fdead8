import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { fail } from "../../../problem-error.ts";
import { type PreparedItem, prepareItems, type PrepareTask } from "./prepare-items.ts";
import type { PreparedChunk } from "./prepare-worker.ts";
import { createTurns } from "../turns.ts";

const timeoutMs = 120_000;
/** Several times what the longest text needs that is not made to need much. */
const resourceLimits = { maxOldGenerationSizeMb: 1024 };
/** So few characters are read at once: it takes a millisecond or two, less than the start of a thread. */
const inlineCharsMax = 8192;
/** Each is a thread with the whole text in memory; those that wait have theirs in memory, too. */
const turn = createTurns({ atOnceMax: 2, waitingMax: 16 });

/**
 * Reads a text or a list, a long one in a thread of its own, so that the event loop is not held up.
 * @throws ProblemError UNAVAILABLE when too many others are being read, or it takes too long; the signal's reason when it aborts
 */
export async function prepare(task: PrepareTask, signal: AbortSignal): Promise<PreparedChunk[]> {
  signal.throwIfAborted();
  if (charsOf(task) <= inlineCharsMax) return [prepareInline(task)];
  const leave = await turn(signal);
  try {
    return await Array.fromAsync(prepareBeside(task, signal));
  } finally {
    leave();
  }
}

function charsOf({ text, list }: PrepareTask): number {
  if (text !== null) return text.length;
  return list.reduce((sum, each) => sum + (typeof each === "string" ? each : each.data).length, list.length);
}

function prepareInline(task: PrepareTask): PreparedChunk {
  const preparing = prepareItems(task);
  const items: PreparedItem[] = [];
  for (;;) {
    const next = preparing.next();
    if (next.done) return { items, end: next.value };
    items.push(next.value);
  }
}

async function* prepareBeside(task: PrepareTask, signal: AbortSignal): AsyncGenerator<PreparedChunk> {
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
    void worker.terminate();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
