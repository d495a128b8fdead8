import type { Language, RunnerStatus } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Answer } from "@assay/proto";
import { type FetchJob, fetchFrom } from "./runner-call.ts";
import { connectRunner, type RunnerConnection } from "./runner-connection.ts";
import type { SourceRegistry } from "./source-registry.ts";

export interface RunnerPoolOptions {
  /** `host:port` of the runners of each language. */
  readonly addresses: Readonly<Record<Language, readonly string[]>>;
  readonly token: string;
  readonly registry: SourceRegistry;
  readonly log: Logger;
}

export interface AcquiredRunner {
  readonly address: string;
  fetchData(job: FetchJob, onAnswer: (sourceId: string, answer: Answer) => void): Promise<void>;
}

export type Acquired =
  | { readonly ok: true; readonly runner: AcquiredRunner; release(): void }
  | { readonly ok: false; readonly reason: string };

/** All runners, watched; calls are balanced over those that serve. */
export interface RunnerPool {
  /**
   * The serving runner of the language with the fewest calls under way. One that has just gone is waited for a short while,
   * as it is usually being started again; one that has been away for longer is not.
   */
  acquire(language: Language, deadlineAtMs: number, signal: AbortSignal): Promise<Acquired>;
  /** A connection of a serving runner for other calls than lookups; undefined when there is none. */
  any(language: Language): RunnerConnection | undefined;
  /** Has every serving runner of the language drop what it holds of a source; one that cannot be told drops it in time by itself. */
  forget(language: Language, sourceId: string): void;
  statuses(): RunnerStatus[];
  close(): void;
}

/** A runner that served this recently is expected back. */
const expectedBackMs = 10_000;
const forgetTimeoutMs = 5000;

export function openRunnerPool(options: RunnerPoolOptions): RunnerPool {
  const { registry, log, token } = options;
  const changed = new Set<() => void>();
  const connections = (Object.keys(options.addresses) as Language[]).flatMap((language) =>
    options.addresses[language].map((address) => ({
      language,
      connection: connectRunner({
        language,
        address,
        token,
        log,
        sources: () => registry.all().filter((source) => source.language === language && source.code !== ""),
        onChange: () => {
          for (const listener of changed) listener();
        },
      }),
    })),
  );
  const of = (language: Language): RunnerConnection[] =>
    connections.filter((entry) => entry.language === language).map((entry) => entry.connection);
  const least = (language: Language): RunnerConnection | undefined =>
    of(language)
      .filter((connection) => connection.status().state === "serving")
      .reduce<RunnerConnection | undefined>(
        (best, next) => (best === undefined || next.calls < best.calls ? next : best),
        undefined,
      );

  return {
    async acquire(language, deadlineAtMs, signal) {
      for (;;) {
        const connection = least(language);
        if (connection) return lease(connection);
        const sinceMs = of(language).map((candidate) => Date.parse(candidate.status().since));
        const untilMs = Math.min(deadlineAtMs, Math.max(0, ...sinceMs) + expectedBackMs);
        if (signal.aborted || Date.now() >= untilMs) return { ok: false, reason: reasonOf(of(language)) };
        await nextChange(changed, untilMs - Date.now(), signal);
      }
    },
    any: (language) => least(language),
    forget(language, sourceId) {
      const deadlineMs = Date.now() + forgetTimeoutMs;
      for (const { client, status } of of(language))
        if (status().state === "serving") client.delete({ sourceId }, { deadlineMs }).catch(() => undefined);
    },
    statuses: () => connections.map(({ connection }) => connection.status()),
    close() {
      for (const { connection } of connections) connection.close();
    },
  };
}

function lease(connection: RunnerConnection): Acquired {
  connection.calls++;
  return {
    ok: true,
    runner: {
      address: connection.address,
      fetchData: (job, onAnswer) => fetchFrom(connection.client, job, onAnswer),
    },
    release: () => void connection.calls--,
  };
}

function reasonOf(connections: readonly RunnerConnection[]): string {
  if (connections.length === 0) return "none is named in the configuration";
  return connections
    .map(
      (connection) => `${connection.address} is ${connection.status().state} (${connection.status().reason ?? "busy"})`,
    )
    .join("; ");
}

/** Resolves at the next change of any runner, when the time is over, or when the signal fires. */
function nextChange(changed: Set<() => void>, timeMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      changed.delete(finish);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, timeMs);
    changed.add(finish);
    signal.addEventListener("abort", finish, { once: true });
  });
}
