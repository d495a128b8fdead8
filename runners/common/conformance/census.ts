import { readdirSync, readFileSync } from "node:fs";

/** What a runner holds at one moment. */
export interface Census {
  /** Its children: each is a sandbox, or the outermost process of one. */
  readonly sandboxes: readonly number[];
  /** All processes below it. */
  readonly processes: readonly number[];
  /** Open in the runner itself. */
  readonly descriptors: number;
  /** Names in its folder for temporary files, at any depth. */
  readonly files: readonly string[];
  /** Resident memory of the runner that is no file's. */
  readonly runnerBytes: number;
  /** The same of all processes below it; pages that a fork shares count for both. */
  readonly sandboxBytes: number;
  /** Processor time that the processes below it have used, in ticks of 10 ms. */
  readonly sandboxTicks: number;
}

interface ProcessState {
  readonly parent: number;
  readonly ticks: number;
}

function readStates(): Map<number, ProcessState> {
  const states = new Map<number, ProcessState>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      states.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // It ended meanwhile.
    }
  }
  return states;
}

function anonymousBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/**
 * Counts what the runner with this process id holds. Processes that have ended count until somebody has taken note of it.
 * @param folder where it keeps temporary files
 */
export function takeCensus(pid: number, folder: string): Census {
  const states = readStates();
  const isBelow = (one: number): boolean => {
    const parent = states.get(one)?.parent;
    return parent !== undefined && (parent === pid || isBelow(parent));
  };
  const processes = [...states.keys()].filter(isBelow);
  const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
  return {
    processes,
    sandboxes: processes.filter((one) => states.get(one)?.parent === pid),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    files: readdirSync(folder, { recursive: true }).map(String),
    runnerBytes: anonymousBytes(pid),
    sandboxBytes: sum(processes.map(anonymousBytes)),
    sandboxTicks: sum(processes.map((one) => states.get(one)?.ticks ?? 0)),
  };
}
