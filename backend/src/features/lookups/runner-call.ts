import type { IndicatorKind } from "@assay/contract";
import { type Answer, type FetchDataRequest, Metadata, type RunnerClient, type SecretValue } from "@assay/proto";
import { context, propagation } from "@opentelemetry/api";
import type { PlannableSource } from "./plannable.ts";

export interface FetchJob {
  readonly lookupId: string;
  /** Nobody waits for it: the runner lets what people wait for go first. */
  readonly background: boolean;
  readonly indicator: { readonly data: string; readonly kind: IndicatorKind };
  readonly sources: readonly PlannableSource[];
  readonly secrets: ReadonlyMap<PlannableSource, readonly SecretValue[]>;
  /** Milliseconds since the epoch. */
  readonly deadlineAtMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks one runner about all of the job's sources on one stream, handing it the code that it lacks on the way. Resolves at the
 * end of the stream; rejects with a gRPC error when the runner fails or the signal fires.
 */
export function fetchFrom(
  client: RunnerClient,
  job: FetchJob,
  onAnswer: (sourceId: string, answer: Answer) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const metadata = new Metadata();
    propagation.inject(context.active(), metadata, { set: (carrier, key, value) => carrier.set(key, value) });
    const stream = client.fetchData(requestOf(job), { metadata, deadlineMs: job.deadlineAtMs, signal: job.signal });
    stream.on("data", (event) => {
      if (event.event === "answer") {
        try {
          return onAnswer(event.sourceId, event.answer);
        } catch (error) {
          // Thrown on, it would end the process: nobody stands above an event.
          stream.cancel();
          return reject(error);
        }
      }
      const source = job.sources.find((candidate) => candidate.snapshot.id === event.sourceId);
      // When the code cannot be handed over the runner answers MISSING_SOURCE_CODE by itself.
      if (source) handOver(client, source).catch(() => undefined);
    });
    stream.on("end", () => resolve());
    stream.on("error", reject);
  });
}

/** Gives a runner the code of one source. The compiler's complaints come back as the source's answer. */
export async function handOver(client: RunnerClient, source: PlannableSource): Promise<void> {
  await client.update({ sourceId: source.snapshot.id, codeHash: source.codeHash, code: source.code });
}

function requestOf(job: FetchJob): FetchDataRequest {
  const leftMs = Math.max(1, job.deadlineAtMs - Date.now());
  return {
    lookupId: job.lookupId,
    background: job.background,
    indicator: { data: job.indicator.data, kind: job.indicator.kind },
    sources: job.sources.map((source) => ({
      sourceId: source.snapshot.id,
      codeHash: source.codeHash,
      timeoutMs: Math.min(source.timeoutMs, Math.ceil(leftMs)),
      configJson: source.configJson,
      hosts: source.hosts,
      secrets: job.secrets.get(source) ?? [],
    })),
  };
}
