import { performance } from "node:perf_hooks";
import {
  createEfforts,
  type CodeUnit,
  type Executor,
  type Fence,
  type SandboxCall,
  type SandboxOutcome,
} from "@assay/runner-common";
import { compileTimeoutMs, createCompiler } from "./compile.ts";
import { openHostPool } from "./host-pool.ts";
import type { HostLoss } from "./host-process.ts";
import { readHostSpecs } from "./host-spec.ts";
import { createOffences } from "./offences.ts";
import { failed } from "./outcome.ts";
import { createTypeStripper } from "./strip-types.ts";

export interface JavascriptExecutorOptions {
  readonly fence: Fence;
  /** Host processes at work; one more is kept warm, and one runs what computes much. */
  readonly processes: number;
  /** Told what a host that ended by itself said last; for the operator's log, not for users. */
  readonly onComplaint?: (stderr: string) => void;
}

const stopping = "The runner is stopping.";
const uncompilable = `The code cannot be compiled within ${compileTimeoutMs} ms and the memory of a sandbox.`;

/** What a killed process counts for; enough to run alone from then on. */
const killedCpuMs = 1_000;

const isLost = (end: SandboxOutcome | HostLoss): end is HostLoss => end.kind === "lost";
const cancelled = (message: string): SandboxOutcome => failed({ code: "CANCELLED", message });

function guiltyOutcome({ reason }: HostLoss, { timeoutMs }: SandboxCall): SandboxOutcome {
  if (reason === "overdue") {
    const message = `The source took longer than ${timeoutMs} ms and could only be stopped by ending its process.`;
    return failed({ code: "TIMEOUT", message, limit: "wall" });
  }
  const message =
    reason === "memory"
      ? "The source used more memory than a sandbox has."
      : "The source crashed its sandbox; most often by using too much memory.";
  return failed({ code: "SANDBOX_LIMIT", message, limit: "memory" });
}

/**
 * Runs JavaScript sources in isolates of fenced host processes.
 * Rejects when the hosts cannot be started.
 */
export async function createJavascriptExecutor(options: JavascriptExecutorOptions): Promise<Executor> {
  const { fence, processes, onComplaint = () => {} } = options;
  const specs = await readHostSpecs();
  const efforts = createEfforts(() => performance.now(), { byShare: true });
  const pool = openHostPool({ fence, spec: specs.host, processes, efforts, onComplaint });
  const compile = createCompiler(pool, createTypeStripper(fence, specs.stripTypes));
  const offences = createOffences();

  try {
    await pool.ready;
  } catch (error) {
    await pool.close();
    throw error;
  }

  /** A process is more than what its processor time says. */
  function blame(sourceId: string): void {
    offences.add(sourceId, performance.now());
    efforts.add(sourceId, killedCpuMs);
  }

  function resting(sourceId: string): SandboxOutcome | undefined {
    const restMs = offences.restMs(sourceId, performance.now());
    if (restMs === 0) return undefined;
    const message = `The source had to be stopped by force several times. It rests for another ${Math.ceil(restMs / 1000)} s.`;
    return failed({ code: "SANDBOX_LIMIT", message, limit: "wall" });
  }

  /**
   * A call whose host is lost runs once more elsewhere, unless it was the reason. Where several may have been, each runs
   * alone, and who loses that host too was it.
   */
  async function runUnit(call: SandboxCall): Promise<SandboxOutcome> {
    const endsAt = performance.now() + call.timeoutMs;
    const again = (): SandboxCall => ({ ...call, timeoutMs: Math.max(1, Math.ceil(endsAt - performance.now())) });
    const host = pool.pick(call.unit);
    const first = await host.run(call);
    if (!isLost(first)) return first;
    if (first.reason === "closed") return cancelled(stopping);
    const isCertain = first.isSuspect && first.reason !== "crashed";
    let end: SandboxOutcome | HostLoss = first;
    if (!isCertain && !call.signal.aborted) {
      end = first.isSuspect
        ? await pool.withAlone(call.unit, (alone) => alone.run(again()))
        : await pool.pick(call.unit, host).run(again());
      if (isLost(end) && !end.isSuspect) end = await pool.withAlone(call.unit, (alone) => alone.run(again()));
    }
    if (!isLost(end)) return end;
    if (end.reason === "closed") return cancelled(stopping);
    blame(call.unit.sourceId);
    return guiltyOutcome(end, call);
  }

  return {
    language: "JAVASCRIPT",
    async prepare(unit: CodeUnit) {
      const compiled = await compile(unit);
      if (compiled.kind === "compiled") return [...compiled.diagnostics];
      const message = compiled.reason === "closed" ? stopping : uncompilable;
      return [{ severity: "error", message, line: 0, column: 0 }];
    },
    async run(call) {
      if (call.signal.aborted) return cancelled("The lookup was cancelled.");
      const rest = resting(call.unit.sourceId);
      if (rest !== undefined) return rest;
      const compiled = await compile(call.unit);
      if (compiled.kind === "lost") {
        if (compiled.reason === "closed") return cancelled(stopping);
        blame(call.unit.sourceId);
        return failed({ code: "SANDBOX_LIMIT", message: uncompilable, limit: "memory" });
      }
      const [problem] = compiled.diagnostics.filter(({ severity }) => severity === "error");
      if (problem === undefined) return runUnit({ ...call, unit: compiled.unit });
      const { message, line, column } = problem;
      return failed({ code: "SOURCE_ERROR", message, line, column });
    },
    isAlone: (sourceId) => efforts.isAlone(sourceId),
    forget: (sourceId) => pool.forget(sourceId),
    close: () => pool.close(),
  };
}
