import { extract, type Extraction, type ExtractOptions } from "@assay/indicators";
import { Worker } from "node:worker_threads";
import { ProblemError } from "../../problem-error.ts";
import type { ExtractTask } from "./extract-worker.ts";

type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Extracts indicators without holding up other calls. */
export interface Extractor {
  /** @throws ProblemError UNAVAILABLE when too many texts are waiting, or one takes too long; the signal's reason when it aborts */
  extract(text: string, options: Given<ExtractOptions>, signal: AbortSignal): Promise<Extraction>;
  close(): Promise<void>;
}

export interface ExtractorOptions {
  /** Texts up to this many characters take a millisecond or two and are read at once. */
  readonly inlineCharsMax?: number;
  /** Longest time for one text, in milliseconds. */
  readonly timeoutMs?: number;
  /** Texts that may wait for a worker. */
  readonly waitingMax?: number;
}

const workersMax = 2;

interface Job {
  readonly task: ExtractTask;
  readonly settle: (outcome: Extraction | Error) => void;
  readonly signal: AbortSignal;
}

function unavailable(sentence: string): ProblemError {
  return new ProblemError("UNAVAILABLE", sentence, { headers: { "retry-after": "5" } });
}

/** Workers are started when the first long text comes, two at the most, and kept; one that fails or hangs is replaced. */
export function createExtractor(options: ExtractorOptions = {}): Extractor {
  const { inlineCharsMax = 8192, timeoutMs = 20_000, waitingMax = 32 } = options;
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const waiting: Job[] = [];
  let isClosed = false;

  const start = (): Worker => {
    const worker = new Worker(new URL("./extract-worker.ts", import.meta.url));
    worker.unref();
    all.add(worker);
    worker.once("exit", () => {
      all.delete(worker);
      const at = idle.indexOf(worker);
      if (at >= 0) idle.splice(at, 1);
    });
    return worker;
  };

  const run = (worker: Worker, { task, settle, signal }: Job): void => {
    /** Whoever does not come back in order is not used again. */
    const end = (outcome: Extraction | Error): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      worker.removeAllListeners("message").removeAllListeners("error").removeListener("exit", onExit);
      if (outcome instanceof Error) {
        all.delete(worker);
        // An error that comes after the end has nobody to tell.
        worker.on("error", () => undefined);
        void worker.terminate();
      } else idle.push(worker);
      settle(outcome);
      next();
    };
    const onExit = (): void => end(new Error("The worker that extracts indicators has ended."));
    const onAbort = (): void => end(signal.reason as Error);
    const timer = setTimeout(
      () => end(unavailable("Reading the text took too long. Send it in smaller parts.")),
      timeoutMs,
    );
    worker.once("message", (extraction: Extraction) => end(extraction));
    worker.once("error", (error: Error) => end(error));
    worker.once("exit", onExit);
    signal.addEventListener("abort", onAbort, { once: true });
    worker.postMessage(task, []);
  };

  const next = (): void => {
    while (waiting.length > 0) {
      if (idle.length === 0 && all.size >= workersMax) return;
      const job = waiting.shift();
      if (job === undefined) return;
      if (job.signal.aborted) job.settle(job.signal.reason as Error);
      else run(idle.pop() ?? start(), job);
    }
  };

  return {
    extract: async (text, given, signal) => {
      signal.throwIfAborted();
      const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      if (text.length <= inlineCharsMax) return extract(text, known);
      if (isClosed || waiting.length >= waitingMax)
        throw unavailable("Too many long texts are being read. Try again in a few seconds.");
      return new Promise<Extraction>((resolve, reject) => {
        const settle = (outcome: Extraction | Error): void =>
          outcome instanceof Error ? reject(outcome) : resolve(outcome);
        waiting.push({ task: { text, options: known }, settle, signal });
        next();
      });
    },
    close: async () => {
      isClosed = true;
      for (const { settle } of waiting.splice(0)) settle(unavailable("The server is stopping."));
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}
