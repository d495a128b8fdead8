import { setTimeout as delay } from "node:timers/promises";
import { type BatchEvent, isBatchOver } from "@assay/contract";
import type { Context } from "../../context.ts";
import { getBatch } from "./service.ts";

/** How often the row is read; no more events than this. */
const readEveryMs = 500;

/**
 * How far a batch is, whenever it has changed after the revision that is given, until its end or until the signal fires. Throws NOT_FOUND
 * where there is none, or when it may not be seen, also midway.
 */
export async function* watchBatch(
  ctx: Context,
  id: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<BatchEvent> {
  let seen = after;
  while (!signal.aborted) {
    const batch = await getBatch(ctx, id);
    if (isBatchOver(batch)) {
      yield { type: "end", batch };
      return;
    }
    if (batch.revision > seen || seen === -1) yield { type: "progress", batch };
    seen = Math.max(seen, batch.revision);
    await delay(readEveryMs, undefined, { signal }).catch(() => undefined);
  }
}
