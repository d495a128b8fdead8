import {
  sandboxLimits,
  spawnFenced,
  type CodeUnit,
  type Diagnostic,
  type Fence,
  type FenceSpec,
  type SandboxCall,
  type SandboxOutcome,
} from "@assay/runner-common";
import { createFrameReader, createFrameWriter, encodeFrame, frameTypes } from "../sandbox/frames.js";
import { answerOf, readLogLevel } from "./host-answer.ts";
import { failed } from "./outcome.ts";

const frameBytesMax = sandboxLimits.messageBytesMax + 1024;
const stderrCharsMax = 4_000;
const unitsMax = 100;
/** After its deadline a call's host is killed; isolated-vm and the host had their turns at 0 and 50 ms. */
const killAfterMs = 300;

/** Why a call has no outcome: its host ended. A suspect may have been the reason. */
export interface HostLoss {
  readonly kind: "lost";
  readonly isSuspect: boolean;
  readonly reason: "overdue" | "memory" | "crashed" | "closed";
}

interface Running {
  readonly kind: "run";
  readonly call: SandboxCall;
  readonly resolve: (end: SandboxOutcome | HostLoss) => void;
  readonly timer: NodeJS.Timeout;
  /** Requests that the broker has not answered yet. */
  asking: number;
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
  readonly isGone: () => boolean;
  /** It asked to be replaced: give it no more calls. */
  readonly isWorn: () => boolean;
  readonly callCount: () => number;
  readonly has: (unit: CodeUnit) => boolean;
  readonly run: (call: SandboxCall) => Promise<SandboxOutcome | HostLoss>;
  readonly check: (unit: CodeUnit, timeoutMs: number) => Promise<Diagnostic[] | HostLoss>;
  readonly forget: (sourceId: string) => void;
  /** SIGKILL; calls under way are lost. */
  readonly kill: () => void;
}

export interface HostOptions {
  readonly fence: Fence;
  readonly spec: FenceSpec;
  readonly onExit: (stderr: string) => void;
  /** Worn, and its last call has ended. */
  readonly onIdleWorn: () => void;
}

const keyOf = ({ sourceId, codeHash }: CodeUnit): string => `${codeHash}:${sourceId}`;

/** Starts one host process. It holds isolates of many sources; whoever makes it overrun its deadline has it killed. */
export function startHost({ fence, spec, onExit, onIdleWorn }: HostOptions): HostProcess {
  const child = spawnFenced(fence, spec);
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => {});
  const waiting = new Map<number, Waiting>();
  /** In the order of use, the least recent first. */
  const units = new Map<string, { readonly id: number; readonly sourceId: string }>();
  let lastId = 0;
  let stderr = "";
  let isGone = false;
  let isWorn = false;
  let loss: { readonly reason: HostLoss["reason"]; readonly isGuilty: (entry: Waiting) => boolean } | undefined;

  const send = createFrameWriter((bytes) => child.channel.write(bytes));
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

  function unitId(unit: CodeUnit): number {
    const key = keyOf(unit);
    let known = units.get(key);
    if (known === undefined) {
      lastId += 1;
      known = { id: lastId, sourceId: unit.sourceId };
      send(encodeFrame(frameTypes.load, known.id, unit.code));
      for (const [oldKey, old] of units) {
        if (units.size < unitsMax) break;
        units.delete(oldKey);
        send(encodeFrame(frameTypes.drop, old.id));
      }
    }
    units.delete(key);
    units.set(key, known);
    return known.id;
  }

  function end(id: number): Waiting | undefined {
    const entry = waiting.get(id);
    if (entry === undefined) return undefined;
    waiting.delete(id);
    clearTimeout(entry.timer);
    if (isWorn && waiting.size === 0) onIdleWorn();
    return entry;
  }

  async function forward(id: number, entry: Running, requestId: number, requestJson: string): Promise<void> {
    const reply = await entry.call.onEgress(requestJson);
    entry.asking -= 1;
    if (waiting.get(id) === entry) send(encodeFrame(frameTypes.reply, id, reply, requestId));
  }

  const handlers: Record<number, (id: number, payload: Buffer) => void> = {
    [frameTypes.ready]: () => ready.resolve(),
    [frameTypes.result](id, payload) {
      const entry = end(id);
      if (entry?.kind === "run") entry.resolve(answerOf(payload.readUInt32LE(0), payload.subarray(4)));
    },
    [frameTypes.checked](id, payload) {
      const entry = end(id);
      if (entry?.kind === "check") entry.resolve(JSON.parse(payload.toString("utf8")) as Diagnostic[]);
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
      killFor("memory", (entry) => units.get(keyOf(unitOf(entry)))?.id === id);
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
    isGone: () => isGone,
    isWorn: () => isWorn,
    callCount: () => waiting.size,
    has: (unit) => units.has(keyOf(unit)),
    run: (call) =>
      new Promise((resolve) => {
        if (isGone) return resolve({ kind: "lost", isSuspect: false, reason: "crashed" });
        const unit = unitId(call.unit);
        lastId += 1;
        const id = lastId;
        const overdue = (): void => {
          const entry = waiting.get(id);
          killFor("overdue", (other) => other === entry);
        };
        const { signal, timeoutMs } = call;
        const cancel = (): void => {
          const entry = end(id);
          if (entry?.kind !== "run") return;
          send(encodeFrame(frameTypes.cancel, id));
          entry.resolve(failed({ code: "CANCELLED", message: "The lookup was cancelled." }));
        };
        const entry: Waiting = {
          kind: "run",
          call,
          asking: 0,
          timer: setTimeout(overdue, timeoutMs + killAfterMs),
          resolve(outcome) {
            signal.removeEventListener("abort", cancel);
            resolve(outcome);
          },
        };
        waiting.set(id, entry);
        signal.addEventListener("abort", cancel, { once: true });
        send(encodeFrame(frameTypes.run, id, call.inputJson, unit, timeoutMs));
      }),
    check: (unit, timeoutMs) =>
      new Promise((resolve) => {
        if (isGone) return resolve({ kind: "lost", isSuspect: false, reason: "crashed" });
        const loaded = unitId(unit);
        lastId += 1;
        const id = lastId;
        const timer = setTimeout(() => killFor("overdue", (other) => other === waiting.get(id)), timeoutMs);
        waiting.set(id, { kind: "check", unit, resolve, timer });
        send(encodeFrame(frameTypes.check, id, "", loaded));
      }),
    forget(sourceId) {
      for (const [key, unit] of units) {
        if (unit.sourceId !== sourceId) continue;
        units.delete(key);
        if (!isGone) send(encodeFrame(frameTypes.drop, unit.id));
      }
    },
    kill: () => killFor("closed", () => false),
  };
}
