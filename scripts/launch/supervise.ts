import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@assay/process";
import type { Running } from "./part.ts";

const delayMinMs = 200;
const delayMaxMs = 10_000;
/** Who has been up for so long has recovered: the next restart is quick again. */
const steadyAfterMs = 60_000;

export interface Supervised {
  /** Ends what runs now and starts it anew. */
  restart(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

/** Keeps `first`, or a successor made by `start`, running until it is stopped. A part that keeps dying is started ever more rarely. */
export function supervise(name: string, first: Running, start: () => Promise<Running>, logger: Logger): Supervised {
  const stopping = new AbortController();
  let running: Running | undefined = first;
  let asked = false;

  async function keep(): Promise<void> {
    let delayMs = delayMinMs;
    while (!stopping.signal.aborted) {
      if (running) {
        const upAtMs = performance.now();
        const reason = await running.exited;
        running = undefined;
        if (stopping.signal.aborted) return;
        if (performance.now() - upAtMs > steadyAfterMs || asked) delayMs = delayMinMs;
        if (!asked) logger.warn(`the ${name} ended (${reason}); starting it again in ${delayMs} ms`);
      }
      await delay(asked ? 0 : delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      asked = false;
      delayMs = Math.min(delayMs * 2, delayMaxMs);
      try {
        running = await start();
        logger.info(`the ${name} is up again`);
      } catch (err) {
        logger.error(`${err instanceof Error ? err.message : String(err)} Next try in ${delayMs} ms.`);
      }
    }
    await running?.stop();
  }

  const kept = keep();
  return {
    async restart() {
      asked = true;
      await running?.stop();
    },
    async stop() {
      stopping.abort();
      await running?.stop();
      await kept;
    },
  };
}
