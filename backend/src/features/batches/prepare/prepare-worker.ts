import { parentPort, workerData } from "node:worker_threads";
import { prepareItems, type PreparedItem, type PrepareSummary, type PrepareTask } from "./prepare-items.ts";

/** What the worker answers with each time that it is asked for more; `end` comes with the last. */
export interface PreparedChunk {
  readonly items: readonly PreparedItem[];
  readonly end: PrepareSummary | null;
}

const chunkItems = 2000;
const preparing = prepareItems(workerData as PrepareTask);

parentPort?.on("message", () => {
  const items: PreparedItem[] = [];
  while (items.length < chunkItems) {
    const next = preparing.next();
    if (next.done) {
      parentPort?.postMessage({ items, end: next.value } satisfies PreparedChunk, []);
      return;
    }
    items.push(next.value);
  }
  parentPort?.postMessage({ items, end: null } satisfies PreparedChunk, []);
});
