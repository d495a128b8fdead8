import {
  sandboxLimits,
  spawnFenced,
  type CodeUnit,
  type Diagnostic,
  type Efforts,
  type Fence,
  type FenceSpec,
  type SandboxCall,
  type SandboxOutcome,
} from "@assay/runner-common";
import { createFrameReader, createFrameWriter, encodeFrame, frameTypes, resultStatus } from "../sandbox/frames.js";
import { answerOf, diagnosticsOf, readLogLevel } from "./host-answer.ts";
import { createHostUnits } from "./host-units.ts";
import { failed } from "./outcome.ts";

const cancelled = failed({ code: "CANCELLED", message: "The lookup was cancelled." });
const stopped: HostLoss = { kind: "lost", isSuspect: false, reason: "stopped" };
const frameBytesMax = sandboxLimits.messageBytesMax + 1024;
const stderrCharsMax = 4_000;
/** After its deadline a call's host is killed; isolated-vm and the host had their turns at 0 and 50 ms. */
const killAfterMs = 280;

/** Why a call has no outcome: its host ended. A suspect may have been the reason. */
export interface HostLoss {
  readonly kind: "lost";
  readonly isSuspect: boolean;
  /** `stopped`: its isolate only, for another call of the same source. */
  readonly reason: "overdue" | "memory" | "crashed" | "closed" | "stopped";
}

interface Running {
  readonly kind: "run";
  readonly call: SandboxCall;
  readonly resolve: (end: SandboxOutcome | HostLoss) => void;
  timer: NodeJS.Timeout;
  /** Requests that the broker has not answered yet. */
  asking: number;
  /** Milliseconds of processor time so far, as the host says. */
  cpuMs: number;
}

interface Checking {
  readonly kind: "check";
  readonly unit: CodeUnit;
  readonly resolve: (end: Diagnostic[] | HostLoss) => void;
  readonly timer: NodeJS.Timeout;
}

type Waiting = Running | Checking;

export interface HostProcess {
  readonly ready: Promise<void>;
  /** Resolves when no process is left. */
  readonly exited: Promise<void>;
  /** It can take calls at once. */
  readonly isReady: () => boolean;
  readonly isGone: () => boolean;
  /** It asked to be replaced: give it no more calls. */
  readonly isWorn: () => boolean;
  readonly callCount: () => number;
  readonly has: (unit: CodeUnit) => boolean;
  /** A call of the source is under way here. */
  readonly isAtWorkFor: (sourceId: string) => boolean;
  readonly run: (call: SandboxCall) => Promise<SandboxOutcome | HostLoss>;
  readonly check: (unit: CodeUnit, timeoutMs: number) => Promise<Diagnostic[] | HostLoss>;
  readonly forget: (sourceId: string) => void;
  /** Its calls under way come to their end at a lower priority, and then it is worn. */
  readonly demote: () => void;
  /** SIGKILL; calls under way are lost. */
  readonly kill: () => void;
}

export interface HostOptions {
  readonly fence: Fence;
  readonly spec: FenceSpec;
  /** It and all that runs in it have a lower priority. */
  readonly isLow: boolean;
  /** Told what its calls use of the processor. */
  readonly efforts: Efforts;
  /** A call of a heavy source is under way. */
  readonly onHeavy: () => void;
  readonly onExit: (stderr: string) => void;
  /** Worn, and its last call has ended. */
  readonly onIdleWorn: () => void;
}

/** Starts one host process. It holds isolates of many sources; whoever makes it overrun its deadline has it killed. */
export function startHost({ fence, spec, isLow, efforts, onHeavy, onExit, onIdleWorn }: HostOptions): HostProcess {
  const child = spawnFenced(fence, spec);
  if (isLow) child.lower();
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => {});
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let stderr = "";
  let isReady = false;
  let isGone = false;
  let isWorn = false;
  let isDemoted = false;
  let loss: { readonly reason: HostLoss["reason"]; readonly isGuilty: (entry: Waiting) => boolean } | undefined;

  const send = createFrameWriter((bytes) => child.channel.write(bytes));
  const units = createHostUnits(send);
  const unitOf = (entry: Waiting): CodeUnit => (entry.kind === "run" ? entry.call.unit : entry.unit);

  function killFor(reason: HostLoss["reason"], isGuilty: (entry: Waiting) => boolean): void {
    loss ??= { reason, isGuilty };
    isGone = true;
    child.kill();
    // The answers do not wait for the kernel to tidy up.
    loseAll();
  }

  function loseAll(): void {
    const { reason, isGuilty } = loss ?? { reason: "crashed", isGuilty: isAtWork };
    const entries = [...waiting.values()];
    waiting.clear();
    for (const entry of entries) {
      clearTimeout(entry.timer);
      entry.resolve({ kind: "lost", isSuspect: isGuilty(entry), reason });
    }
  }

  /** A call that waits for the broker is not running, so it cannot have crashed its host. */
  function isAtWork(entry: Waiting): boolean {
    return entry.kind === "check" || entry.asking === 0;
  }

  function nextId(): number {
    lastId += 1;
    return lastId;
  }

  /** A busy event loop may still have the answer unread in its socket, so it is looked at once more before the kill. */
  function killIfLate(id: number, delayMs: number): NodeJS.Timeout {
    const kill = (): void => {
      const late = waiting.get(id);
      if (late !== undefined) killFor("overdue", (entry) => entry === late);
    };
    return setTimeout(() => setImmediate(kill), delayMs);
  }

  function end(id: number): void {
    clearTimeout(waiting.get(id)?.timer);
    waiting.delete(id);
    if (isWorn && waiting.size === 0) onIdleWorn();
  }

  async function forward(id: number, entry: Running, requestId: number, requestJson: string): Promise<void> {
    const reply = await entry.call.onEgress(requestJson);
    entry.asking -= 1;
    if (waiting.get(id) === entry) send(encodeFrame(frameTypes.reply, id, reply, requestId));
  }

  const handlers: Record<number, (id: number, payload: Buffer) => void> = {
    [frameTypes.ready]() {
      isReady = true;
      ready.resolve();
    },
    // Read before the entry ends: what cannot be read kills the host, and an entry that has ended would then never be answered.
    [frameTypes.result](id, payload) {
      const entry = waiting.get(id);
      if (entry?.kind !== "run") return;
      const status = payload.readUInt32LE(0);
      const outcome = status === resultStatus.lost ? stopped : answerOf(status, payload.subarray(4));
      end(id);
      entry.resolve(outcome);
    },
    [frameTypes.checked](id, payload) {
      const entry = waiting.get(id);
      if (entry?.kind !== "check") return;
      const diagnostics = diagnosticsOf(payload);
      end(id);
      entry.resolve(diagnostics);
    },
    [frameTypes.egress](id, payload) {
      const entry = waiting.get(id);
      if (entry?.kind !== "run") return;
      const requestId = payload.readUInt32LE(0);
      entry.asking += 1;
      void forward(id, entry, requestId, payload.toString("utf8", 4));
    },
    [frameTypes.log](id, payload) {
      const entry = waiting.get(id);
      if (entry?.kind === "run") entry.call.onLog(readLogLevel(payload.readUInt32LE(0)), payload.toString("utf8", 4));
    },
    [frameTypes.poisoned](id) {
      killFor("memory", (entry) => units.isKnownAs(unitOf(entry), id));
    },
    [frameTypes.spent](id, payload) {
      const entry = waiting.get(id);
      if (entry?.kind !== "run") return;
      const { sourceId } = entry.call.unit;
      entry.cpuMs = Math.max(entry.cpuMs, payload.readUInt32LE(0) / 1000);
      efforts.see(sourceId, entry.cpuMs);
      if (efforts.isHeavy(sourceId)) onHeavy();
    },
    [frameTypes.used](id, payload) {
      const entry = waiting.get(id);
      if (entry?.kind === "run")
        efforts.add(entry.call.unit.sourceId, Math.max(entry.cpuMs, payload.readUInt32LE(0) / 1000));
    },
    [frameTypes.worn]() {
      isWorn = true;
    },
  };

  const read = createFrameReader(frameBytesMax, (type, id, payload) => handlers[type]?.(id, payload));
  child.channel.on("data", (chunk: Buffer) => {
    try {
      if (!isGone && !read(chunk)) killFor("crashed", isAtWork);
    } catch {
      // A frame that this protocol does not have: user code has taken the host over.
      killFor("crashed", isAtWork);
    }
  });
  child.stdout.resume();
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-stderrCharsMax);
  });
  async function watchExit(): Promise<void> {
    const { error } = await child.exited;
    isGone = true;
    ready.reject(error ?? new Error(`A JavaScript host ended before it was ready. ${stderr}`.trim()));
    loseAll();
    onExit(stderr);
  }
  const exited = watchExit();

  return {
    ready: ready.promise,
    exited,
    isReady: () => isReady,
    isGone: () => isGone,
    isWorn: () => isWorn,
    callCount: () => waiting.size,
    has: units.has,
    isAtWorkFor: (sourceId) => [...waiting.values()].some((entry) => unitOf(entry).sourceId === sourceId),
    run: (call) =>
      new Promise((resolve) => {
        if (isGone) return resolve({ kind: "lost", isSuspect: false, reason: "crashed" });
        const { signal, timeoutMs, inputJson } = call;
        if (signal.aborted) return resolve(cancelled);
        const unit = units.idOf(call.unit);
        const id = nextId();
        const cancel = (): void => {
          entry.resolve(cancelled);
          clearTimeout(entry.timer);
          // It counts as under way until the host says that nothing of it runs any more.
          entry.timer = killIfLate(id, killAfterMs);
          send(encodeFrame(frameTypes.cancel, id));
        };
        const entry: Running = {
          kind: "run",
          call,
          asking: 0,
          cpuMs: 0,
          timer: killIfLate(id, timeoutMs + killAfterMs),
          resolve(outcome) {
            signal.removeEventListener("abort", cancel);
            resolve(outcome);
          },
        };
        waiting.set(id, entry);
        send(encodeFrame(frameTypes.run, id, inputJson, unit, timeoutMs));
        signal.addEventListener("abort", cancel, { once: true });
      }),
    check: (unit, timeoutMs) =>
      new Promise((resolve) => {
        if (isGone) return resolve({ kind: "lost", isSuspect: false, reason: "crashed" });
        const loaded = units.idOf(unit);
        const id = nextId();
        waiting.set(id, { kind: "check", unit, resolve, timer: killIfLate(id, timeoutMs) });
        send(encodeFrame(frameTypes.check, id, "", loaded));
      }),
    forget(sourceId) {
      if (!isGone) units.forget(sourceId);
    },
    demote() {
      if (isDemoted) return;
      isDemoted = true;
      child.lower();
      isWorn = true;
      if (waiting.size === 0) onIdleWorn();
    },
    kill: () => killFor("closed", () => false),
  };
}
