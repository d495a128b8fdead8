import {
  createEfforts,
  type CodeUnit,
  type Efforts,
  type Executor,
  type Fence,
  type SandboxCall,
  type SandboxOutcome,
} from "@assay/runner-common";
import type { Interpreter } from "./interpreter.ts";
import { failed } from "./outcome.ts";
import { pythonLimits, type PythonLimits } from "./python-limits.ts";
import { openWarmSource, type WarmSource } from "./warm-source.ts";

export interface PythonExecutorOptions {
  readonly fence: Fence;
  readonly interpreter: Interpreter;
  readonly limits?: Partial<PythonLimits>;
  /** How sources are judged that compute much; its own where there is none. */
  readonly efforts?: Efforts;
  /** Told what a sandbox complained about when it ended by itself; for the operator's log, not for users. */
  readonly onComplaint?: (sourceId: string, stderr: string) => void;
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : "The sandbox cannot be started.";

/** Runs Python sources: one sandbox per version of a source, the least used ones stopped, calls moved on when theirs dies. */
export function createPythonExecutor(options: PythonExecutorOptions): Executor {
  const { fence, interpreter, onComplaint } = options;
  const limits: PythonLimits = { ...pythonLimits, ...options.limits };
  // In the order of use, oldest first.
  const warm = new Map<string, WarmSource>();
  const lastUsedMs = new Map<WarmSource, number>();
  const all = new Set<WarmSource>();
  const { efforts = createEfforts(() => performance.now()) } = options;
  let isClosed = false;

  function retire(sourceId: string, exceptHash?: string): void {
    const source = warm.get(sourceId);
    if (source === undefined || source.unit.codeHash === exceptHash) return;
    warm.delete(sourceId);
    source.retire();
  }

  function open(unit: CodeUnit): WarmSource {
    const source: WarmSource = openWarmSource({
      ...{ fence, interpreter, unit, limits, efforts },
      onGone(stderr) {
        all.delete(source);
        lastUsedMs.delete(source);
        if (warm.get(unit.sourceId) === source) warm.delete(unit.sourceId);
        if (stderr !== "") onComplaint?.(unit.sourceId, stderr);
      },
    });
    all.add(source);
    return source;
  }

  function evict(inUse?: WarmSource): void {
    for (const [sourceId, source] of warm) {
      if (warm.size <= limits.warmSourcesMax) return;
      if (source !== inUse && source.isIdle()) retire(sourceId);
    }
  }

  function use(unit: CodeUnit): WarmSource {
    retire(unit.sourceId, unit.codeHash);
    // A priority is never raised again; a source that has become light gets a new sandbox.
    if (warm.get(unit.sourceId)?.isLow() === true && !efforts.isHeavy(unit.sourceId)) retire(unit.sourceId);
    const known = warm.get(unit.sourceId);
    const source = known === undefined || known.isGone() ? open(unit) : known;
    warm.delete(unit.sourceId);
    warm.set(unit.sourceId, source);
    lastUsedMs.set(source, Date.now());
    evict(source);
    return source;
  }

  async function tryOnce(call: SandboxCall): Promise<SandboxOutcome | "lost"> {
    if (call.signal.aborted) return failed({ code: "CANCELLED", message: "The lookup was cancelled." });
    if (isClosed) return failed({ code: "CANCELLED", message: "The runner is stopping." });
    let source: WarmSource;
    try {
      source = use(call.unit);
    } catch (error) {
      return failed({ code: "INTERNAL", message: reasonOf(error) });
    }
    const outcome = await source.run(call);
    // Where all sources were busy, there was none to stop until now.
    evict();
    return outcome;
  }

  const reaper = setInterval(() => {
    for (const [sourceId, source] of warm) {
      const restsSinceMs = lastUsedMs.get(source) ?? 0;
      if (source.isIdle() && Date.now() - restsSinceMs > limits.idleMs) retire(sourceId);
    }
  }, limits.idleMs / 10);
  reaper.unref();

  return {
    language: "PYTHON",
    async prepare(unit) {
      try {
        return await use(unit).diagnostics;
      } catch (error) {
        return [{ severity: "error", message: reasonOf(error), line: 0, column: 0 }];
      }
    },
    async run(call) {
      const first = await tryOnce(call);
      const outcome = first === "lost" ? await tryOnce(call) : first;
      if (outcome !== "lost") return outcome;
      const message = "The source's sandbox ended twice before the source had answered.";
      return failed({ code: "SOURCE_ERROR", message });
    },
    isAlone: (sourceId) => efforts.isAlone(sourceId),
    forget: (sourceId) => retire(sourceId),
    async close() {
      isClosed = true;
      clearInterval(reaper);
      warm.clear();
      await Promise.all([...all].map((source) => source.kill()));
    },
  };
}
