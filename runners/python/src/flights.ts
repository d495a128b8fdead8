import type { Diagnostic, LogLevel, SandboxCall, SandboxOutcome } from "@assay/runner-common";
import { frameKind, type Frame } from "./frames.ts";
import { answerOutcome, EgressFailure, endOutcome, failed, loadOutcome, readDiagnostics } from "./outcome.ts";
import type { PythonLimits } from "./python-limits.ts";

const failureCharsMax = 16_384;
const logLevels: Readonly<Record<string, LogLevel>> = { d: "debug", i: "info", w: "warn", e: "error" };

/**
 * One call in the sandbox:
 *
 *     waiting ──► sent ──started──► running ──answer / ended──► settled
 *        │          │                  │ deadline, cancelled       ▲
 *        │ cancelled│ cancelled,       ▼                           │
 *        │          └ not loaded ─► stopping ──ended, or sandbox killed after the grace
 *        └────────────────────────────────────────────────────────►│
 */
interface Flight {
  readonly id: number;
  readonly call: SandboxCall;
  readonly failures: Map<number, EgressFailure>;
  state: "waiting" | "sent" | "running" | "stopping" | "settled";
  timer: NodeJS.Timeout | undefined;
  /** While stopping: what the call has come to. */
  stoppedWith: SandboxOutcome | undefined;
  readonly settle: (outcome: SandboxOutcome | "lost") => void;
}

export interface FlightsOptions {
  readonly limits: PythonLimits;
  readonly send: (kind: string, call: number, payload?: Uint8Array | string) => void;
  readonly diagnostics: Promise<Diagnostic[]>;
  readonly killSandbox: () => void;
  /** Whether the sandbox has a lower priority than others. */
  readonly isLow: () => boolean;
  /** Told whenever the last call has left. */
  readonly onEmpty: () => void;
}

export interface Flights {
  readonly start: (call: SandboxCall) => Promise<SandboxOutcome | "lost">;
  readonly hear: (frame: Frame) => void;
  /** Every call that is not loaded yet has come to this; the sandbox is to be killed. */
  readonly blame: (outcome: SandboxOutcome) => void;
  /** The sandbox is gone: every call that is not to blame is lost. */
  readonly end: () => void;
  readonly count: () => number;
}

const cancelled = failed({ code: "CANCELLED", message: "The lookup was cancelled." });

function timedOut(timeoutMs: number): SandboxOutcome {
  return failed({ code: "TIMEOUT", message: `The source took longer than its ${timeoutMs} ms.` });
}

/** What a call comes to whose source is not loaded in time. */
export function loadingTimedOut(timeoutMs: number): SandboxOutcome {
  return failed({ code: "TIMEOUT", message: `Loading the source took longer than ${timeoutMs / 1000} s.` });
}

/** The calls of one sandbox: when each starts, when it must stop, and what it has come to. */
export function createFlights({ limits, send, diagnostics, killSandbox, isLow, onEmpty }: FlightsOptions): Flights {
  const flights = new Map<number, Flight>();
  let lastId = 0;
  let isEnded = false;

  const inState = (...states: Flight["state"][]): Flight[] =>
    [...flights.values()].filter(({ state }) => states.includes(state));

  function finish(flight: Flight, outcome: SandboxOutcome | "lost"): void {
    clearTimeout(flight.timer);
    flight.state = "settled";
    flights.delete(flight.id);
    flight.settle(flight.stoppedWith ?? outcome);
    if (isEnded) return;
    sendWaiting();
    if (flights.size === 0) onEmpty();
  }

  function stop(flight: Flight, outcome: SandboxOutcome): void {
    if (flight.state === "waiting") return finish(flight, outcome);
    if (flight.state === "stopping" || flight.state === "settled") return;
    clearTimeout(flight.timer);
    const wasSent = flight.state === "sent";
    flight.state = "stopping";
    flight.stoppedWith = outcome;
    send(frameKind.stop, flight.id);
    // What is still queued inside is taken off the queue without a word.
    if (wasSent) return finish(flight, outcome);
    flight.timer = setTimeout(() => endPatience(flight, outcome), limits.stopGraceMs);
    if (outcome === cancelled) flight.settle(outcome);
  }

  /** Behind others even the sandbox's own process has to wait; the answer does not, and its other calls are not to be lost for that. */
  function endPatience(flight: Flight, outcome: SandboxOutcome): void {
    if (!isLow()) return killSandbox();
    flight.settle(outcome);
    flight.timer = setTimeout(killSandbox, limits.lowStopGraceMs);
  }

  function giveUpLoading(flight: Flight): void {
    // It may wait for the end of others rather than for its own loading.
    if (inState("running", "stopping").length > 0) {
      flight.timer = setTimeout(() => giveUpLoading(flight), limits.loadTimeoutMs);
      return;
    }
    flight.stoppedWith = loadingTimedOut(limits.loadTimeoutMs);
    killSandbox();
  }

  function sendWaiting(): void {
    let free = limits.callsAtOnceMax - inState("sent", "running", "stopping").length;
    for (const flight of inState("waiting")) {
      if (free-- <= 0) return;
      flight.state = "sent";
      flight.timer = setTimeout(() => giveUpLoading(flight), limits.loadTimeoutMs);
      send(frameKind.call, flight.id, flight.call.inputJson);
    }
  }

  async function askBroker(flight: Flight, payload: Buffer): Promise<void> {
    const requestId = payload.readUInt32BE(0);
    const reply = await flight.call.onEgress(payload.toString("utf8", 4));
    if (flight.state !== "running") return;
    if (reply.length <= failureCharsMax && reply.startsWith('{"ok":false')) {
      flight.failures.set(requestId, EgressFailure.parse(JSON.parse(reply)));
    }
    send(frameKind.egress, flight.id, Buffer.concat([payload.subarray(0, 4), Buffer.from(reply)]));
  }

  function hear({ kind, call, payload }: Frame): void {
    const flight = flights.get(call);
    // Whatever arrives after the end of its call is late.
    if (flight === undefined) return;
    if (kind === frameKind.started && flight.state === "sent") {
      clearTimeout(flight.timer);
      flight.state = "running";
      const { timeoutMs } = flight.call;
      flight.timer = setTimeout(() => stop(flight, timedOut(timeoutMs)), timeoutMs);
    } else if (kind === frameKind.ended) {
      finish(flight, endOutcome(payload, limits));
    } else if (kind === frameKind.answer) {
      finish(flight, answerOutcome(payload, flight.failures));
    } else if (kind === frameKind.loadFailed && flight.state === "sent") {
      if (payload.length > 0) finish(flight, loadOutcome(readDiagnostics(payload)));
      else void diagnostics.then((all) => finish(flight, loadOutcome(all)));
    } else if (flight.state !== "running") {
      return;
    } else if (kind === frameKind.log) {
      flight.call.onLog(logLevels[payload.toString("latin1", 0, 1)] ?? "info", payload.toString("utf8", 1));
    } else if (kind === frameKind.egress && payload.length > 4) {
      askBroker(flight, payload).catch(killSandbox);
    }
  }

  return {
    start(call) {
      const done = Promise.withResolvers<SandboxOutcome | "lost">();
      const id = ++lastId;
      const flight: Flight = {
        ...{ id, call, failures: new Map(), state: "waiting", timer: undefined, stoppedWith: undefined },
        settle: done.resolve,
      };
      flights.set(id, flight);
      const cancel = (): void => stop(flight, cancelled);
      call.signal.addEventListener("abort", cancel, { once: true });
      void done.promise.then(() => call.signal.removeEventListener("abort", cancel));
      sendWaiting();
      return done.promise;
    },
    hear,
    blame(outcome) {
      for (const flight of inState("waiting", "sent")) flight.stoppedWith ??= outcome;
    },
    end() {
      isEnded = true;
      for (const flight of flights.values()) finish(flight, "lost");
    },
    count: () => flights.size,
  };
}
