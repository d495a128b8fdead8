import {
  createEfforts,
  detectFence,
  type CodeUnit,
  type Executor,
  type LogLevel,
  type SandboxCall,
  type SandboxOutcome,
} from "@assay/runner-common";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createPythonExecutor } from "./executor.ts";
import { findInterpreter } from "./interpreter.ts";
import type { PythonLimits } from "./python-limits.ts";

export function unitOf(code: string, sourceId: string): CodeUnit {
  return { sourceId, code, codeHash: createHash("sha256").update(code).digest("hex") };
}

export interface Run {
  readonly code: string;
  readonly sourceId?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly config?: unknown;
  readonly onEgress?: SandboxCall["onEgress"];
  readonly onLog?: (level: LogLevel, text: string) => void;
}

export interface Harness {
  readonly executor: Executor;
  readonly run: (run: Run) => Promise<SandboxOutcome>;
  /** Process ids of everything that sandboxes run below a process, this one unless another is named. */
  readonly processes: (ancestor?: number) => number[];
  /** Those of them that are the fences; with one of them goes everything in it. */
  readonly sandboxes: () => number[];
  readonly close: () => Promise<void>;
}

function parents(): Map<number, number> {
  const found = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, "latin1")
        .replace(/^.*\) /s, "")
        .split(" ");
      if (fields[0] !== "Z") found.set(Number(name), Number(fields[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

function descendants(ancestor = process.pid): number[] {
  const parentOf = parents();
  const isOurs = (pid: number): boolean => {
    const parent = parentOf.get(pid);
    return parent !== undefined && (parent === ancestor || isOurs(parent));
  };
  return [...parentOf.keys()].filter((pid) => {
    return isOurs(pid) && readCommand(pid).includes("assay_sandbox/zygote.py");
  });
}

function readCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return "";
  }
}

/** A real executor in real sandboxes, without the network protocol around it. */
export async function openHarness(
  limits: Partial<PythonLimits> = {},
  efforts = createEfforts(() => performance.now()),
): Promise<Harness> {
  const fence = await detectFence({ sandbox: "on" });
  const interpreter = await findInterpreter("/usr/bin/python3");
  const executor = createPythonExecutor({ fence, interpreter, limits, efforts });
  const failure = { ok: false, code: "EGRESS_DENIED", message: "No host is allowed.", host: "example.com" };
  return {
    executor,
    run: ({ code, sourceId = "source", timeoutMs = 2000, config = {}, ...rest }) =>
      executor.run({
        unit: unitOf(code, sourceId),
        inputJson: JSON.stringify({
          indicator: { data: "8.8.8.8", kind: "IPV4" },
          config,
          deadlineMs: Date.now() + timeoutMs,
        }),
        timeoutMs,
        signal: new AbortController().signal,
        onEgress: () => Promise.resolve(JSON.stringify(failure)),
        onLog: () => {},
        ...rest,
      }),
    processes: descendants,
    sandboxes: () => descendants().filter((pid) => readCommand(pid).includes("assay-sandbox-")),
    async close() {
      await executor.close();
      fence.close();
    },
  };
}
