import type { Answer, Indicator, SourceCall } from "@assay/proto";
import type { Context } from "@opentelemetry/api";
import { answerOf, type RunnerProblem } from "./answer.ts";
import type { EgressBroker } from "./egress/broker.ts";
import { sandboxLimits, type Executor, type SandboxOutcome, type SandboxProblem } from "./executor.ts";
import { noTiming, openRunRecord } from "./run-record.ts";
import type { Slots } from "./slots.ts";
import { openCallSecrets, type CallSecrets } from "./secrets/call-secrets.ts";
import type { SourceStore } from "./source-store.ts";
import { endRunSpan, traceRun, within } from "./tracing.ts";
import { sourceFault } from "./validate-request.ts";

/** What all runs of a runner share. */
export interface RunParts {
  readonly executor: Executor;
  readonly egress: EgressBroker;
  readonly store: SourceStore;
  readonly slots: Slots;
}

export interface SourceRunRequest {
  readonly call: SourceCall;
  readonly indicator: Indicator;
  /** Nobody waits for it. */
  readonly background: boolean;
  /** Milliseconds since the epoch by which the answer has to be out; Infinity where there is none. */
  readonly answerByMs: number;
  /** Fires when nobody wants the answer any more. */
  readonly signal: AbortSignal;
  readonly traceContext: Context;
  /** Asks the caller for the code. */
  readonly onMissingCode: () => void;
}

/** How long a caller may take to hand over code that the runner lacks. */
const codeWaitMs = 10_000;
const timeoutMsMax = 2 ** 31 - 1;

const failed = <Reason extends RunnerProblem | SandboxProblem>(problem: Reason) =>
  ({ kind: "failed", problem }) as const;
const cancelled = failed({ code: "CANCELLED", message: "The lookup was cancelled." });
const lateInQueue = failed({
  code: "TIMEOUT",
  message: "The lookup's deadline passed before the source had its turn.",
});

function signalIn(delayMs: number): { readonly signal: AbortSignal; readonly clear: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), Math.min(Math.max(0, delayMs), timeoutMsMax));
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/**
 * Runs one source of a FetchData call and always gives one answer:
 *
 *     accepted ─▶ code known ──────────────▶ queued ─slot─▶ running ─▶ answered (what the sandbox says)
 *        │            │ no                     ▲   │             │
 *        │            ▼                        │   └─deadline────┼───▶ answered (TIMEOUT)
 *        │        awaiting code ───Update──────┘                 │
 *        │            └─10 s, deadline──▶ answered (MISSING_SOURCE_CODE)
 *        └─not valid──▶ answered (INTERNAL)
 *     cancelled in any state ──▶ answered (CANCELLED); the executor stops the user code
 *
 * Never rejects.
 */
export async function runSource(request: SourceRunRequest, parts: RunParts): Promise<Answer> {
  const { call, signal } = request;
  const acceptedAt = performance.now();
  const early = (outcome: Parameters<typeof answerOf>[0]): Answer => {
    const timing = { ...noTiming, queuedMs: performance.now() - acceptedAt };
    return answerOf(signal.aborted ? cancelled : outcome, { timing, logs: [], http: [] });
  };

  const fault = sourceFault(call);
  if (fault !== undefined) return early(failed({ code: "INTERNAL", message: `The call was not valid: ${fault}` }));
  const code = parts.store.get(call.codeHash) ?? (await awaitCode(request, parts));
  if (code === undefined) {
    const message =
      "The runner was not given the source's code in time. Ask again; save the source again if this stays.";
    return early(failed({ code: "MISSING_SOURCE_CODE", message }));
  }
  const release = parts.slots.tryAcquire(call.sourceId, request.background) ?? (await awaitSlot(request, parts));
  if (release === undefined) return early(lateInQueue);
  try {
    return await run(request, code, acceptedAt, parts);
  } finally {
    release();
  }
}

async function awaitCode({ call, signal, answerByMs, onMissingCode }: SourceRunRequest, { store }: RunParts) {
  const limit = signalIn(Math.min(codeWaitMs, answerByMs - Date.now()));
  try {
    const code = store.wait(call.codeHash, AbortSignal.any([signal, limit.signal]));
    onMissingCode();
    return await code;
  } finally {
    limit.clear();
  }
}

async function awaitSlot({ call, background, signal, answerByMs }: SourceRunRequest, { slots }: RunParts) {
  if (answerByMs === Infinity) return slots.acquire(call.sourceId, signal, background);
  const limit = signalIn(answerByMs - Date.now());
  try {
    return await slots.acquire(call.sourceId, AbortSignal.any([signal, limit.signal]), background);
  } finally {
    limit.clear();
  }
}

/** What the sandbox says, without what it may have got hold of. */
async function withoutSecrets(outcome: SandboxOutcome, secrets: CallSecrets): Promise<SandboxOutcome> {
  if (outcome.kind === "notFound") return outcome;
  if (outcome.kind === "failed") {
    const { message, host } = outcome.problem;
    const hidden = { message: secrets.hideFromPeople(message.toWellFormed()) };
    return failed({
      ...outcome.problem,
      ...hidden,
      ...(host === undefined ? {} : { host: secrets.hideFromPeople(host) }),
    });
  }
  let json: string;
  try {
    json = await secrets.hideFromResult(outcome.json);
  } catch {
    // The only way in which it does not come to its end.
    return cancelled;
  }
  const bytes = Buffer.byteLength(json);
  if (json === outcome.json || bytes <= sandboxLimits.resultBytesMax) return { kind: "returned", json };
  return failed({
    code: "BAD_RESPONSE",
    message: `The result has ${bytes} bytes without its secrets, which is too much.`,
  });
}

async function run(request: SourceRunRequest, code: string, acceptedAt: number, parts: RunParts): Promise<Answer> {
  const { call, indicator, signal, answerByMs } = request;
  const { sourceId, codeHash, configJson, hosts } = call;
  const startedAt = performance.now();
  const now = Date.now();
  const timeoutMs = Math.max(1, Math.ceil(Math.min(call.timeoutMs, answerByMs - now)));
  const deadlineMs = now + timeoutMs;
  const secrets = openCallSecrets(call.secrets, { sourceId, signal });
  const record = openRunRecord(startedAt, secrets.hideFromPeople);
  const traced = traceRun(sourceId, request.traceContext);
  const { context: traceContext } = traced;
  const { onHttpCall: onCall } = record;
  const lease = parts.egress.lease({ sourceId, hosts, secrets, deadlineMs, signal, traceContext, onCall });
  const asked = JSON.stringify({ data: indicator.data, kind: indicator.kind });
  const given = JSON.stringify(secrets.given);
  let outcome: SandboxOutcome;
  try {
    outcome = await within(traced, () =>
      parts.executor.run({
        unit: { sourceId, codeHash, code },
        inputJson: `{"indicator":${asked},"config":${configJson},"secrets":${given},"deadlineMs":${deadlineMs}}`,
        timeoutMs,
        signal,
        onEgress: (requestJson) => lease.handle(requestJson),
        onLog: record.onLog,
      }),
    );
  } finally {
    lease.close();
  }
  const timing = {
    queuedMs: startedAt - acceptedAt,
    sandboxMs: performance.now() - startedAt,
    upstreamMs: record.upstreamMs(),
  };
  const answer = answerOf(await withoutSecrets(outcome, secrets), { timing, logs: record.logs, http: record.http() });
  endRunSpan(traced, answer);
  return answer;
}
