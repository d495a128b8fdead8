import { setTimeout as delay } from "node:timers/promises";
import type { Language, RunnerStatus } from "@assay/contract";
import type { Logger } from "@assay/process";
import { createRunnerClient, type RunnerClient } from "@assay/proto";
import type { PlannableSource } from "./plannable.ts";
import { handOver } from "./runner-call.ts";

export interface RunnerConnection {
  readonly address: string;
  readonly client: RunnerClient;
  status(): RunnerStatus;
  /** Calls under way. */
  calls: number;
  close(): void;
}

export interface RunnerConnectionOptions {
  readonly language: Language;
  readonly address: string;
  readonly token: string;
  readonly log: Logger;
  /** The sources of the runner's language, given to it when it comes up. */
  readonly sources: () => readonly PlannableSource[];
  readonly onChange: () => void;
}

const reconnectMs = 250;
const initTimeoutMs = 30_000;

/**
 * Keeps one runner watched for as long as it is named:
 *
 *     unreachable ──health says SERVING, Init agreed──▶ serving ──stream broke──▶ unreachable
 *          └──────wrong token, wrong language──▶ refused ──asked again──┘
 */
export function connectRunner(options: RunnerConnectionOptions): RunnerConnection {
  const { language, address, log } = options;
  const client = createRunnerClient(address, options.token);
  const closing = new AbortController();
  const initial: RunnerStatus = {
    language,
    address,
    state: "unreachable",
    sandbox: null,
    reason: "not asked yet",
    since: new Date().toISOString(),
  };
  let status = initial;

  const become = (change: Pick<RunnerStatus, "state" | "reason"> & { sandbox?: RunnerStatus["sandbox"] }): void => {
    if (status.state === change.state && status.reason === change.reason) return;
    const level = change.state === "serving" ? "info" : "warn";
    if (!closing.signal.aborted && status !== initial)
      log[level]({ language, address, reason: change.reason }, `runner is ${change.state}`);
    const since = status.state === change.state && status !== initial ? status.since : new Date().toISOString();
    status = { ...status, sandbox: null, ...change, since };
    options.onChange();
  };

  const introduce = async (): Promise<void> => {
    const sources = options.sources();
    const known = sources.map((source) => ({ sourceId: source.snapshot.id, codeHash: source.codeHash }));
    const reply = await client.init({ sources: known }, { deadlineMs: Date.now() + initTimeoutMs });
    if (reply.language !== language)
      return become({ state: "refused", reason: `it is a runner for ${reply.language}, not for ${language}` });
    become({ state: "serving", reason: null, sandbox: reply.sandbox as RunnerStatus["sandbox"] });
    const missing = new Set(reply.missingCodeHashes);
    for (const source of sources) if (missing.has(source.codeHash)) await handOver(client, source);
  };

  const watchOnce = (): Promise<void> =>
    new Promise((resolve) => {
      const stream = client.healthWatch({ service: "" }, { signal: closing.signal });
      stream.on("data", ({ status: word }) => {
        if (word !== "SERVING") become({ state: "unreachable", reason: `it says ${word}` });
        else introduce().catch((error: unknown) => become(failure(error)));
      });
      stream.on("error", (error) => {
        become(failure(error));
        resolve();
      });
      stream.on("end", () => {
        become({ state: "unreachable", reason: "it closed the connection" });
        resolve();
      });
    });

  void (async () => {
    while (!closing.signal.aborted) {
      await watchOnce();
      await delay(reconnectMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();

  return {
    address,
    client,
    status: () => status,
    calls: 0,
    close() {
      closing.abort();
      client.close();
    },
  };
}

/** gRPC codes: 16 UNAUTHENTICATED, 7 PERMISSION_DENIED. */
function failure(error: unknown): Pick<RunnerStatus, "state" | "reason"> {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code === 16 || code === 7) {
    return {
      state: "refused",
      reason: "it does not accept our token; give ASSAY_RUNNER_TOKEN the same value on both sides",
    };
  }
  const details =
    typeof error === "object" && error !== null && "details" in error ? String(error.details) : String(error);
  return { state: "unreachable", reason: details };
}
