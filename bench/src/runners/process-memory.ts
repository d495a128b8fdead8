import { readdirSync, readFileSync } from "node:fs";

export interface SandboxProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** Its share of what it shares, and what is its alone. */
  readonly pssBytes: number;
  readonly privateBytes: number;
}

function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    // It ended meanwhile, or is somebody else's.
    return "";
  }
}

const kibibytes = (text: string, pattern: RegExp): number =>
  [...text.matchAll(pattern)].reduce((sum, [, amount]) => sum + Number(amount), 0) * 1024;

/** Every process below this one, as the kernel accounts for its memory. */
export function processesBelow(): SandboxProcess[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const stat = read(Number(name), "stat");
    if (stat !== "") parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const isBelow = (pid: number): boolean =>
    pid > 1 && (parents.get(pid) === process.pid || isBelow(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(isBelow).map((pid) => {
    const memory = read(pid, "smaps_rollup");
    return {
      pid,
      parent: parents.get(pid) ?? 0,
      command: read(pid, "cmdline").replaceAll("\0", " "),
      pssBytes: kibibytes(memory, /^Pss:\s+(\d+) kB/gm),
      privateBytes: kibibytes(memory, /^Private_(?:Clean|Dirty):\s+(\d+) kB/gm),
    };
  });
}

export const isHost = ({ command }: SandboxProcess): boolean => command.startsWith("/runner/node ");
const isInterpreter = ({ command }: SandboxProcess): boolean =>
  !command.includes("bwrap") && command.includes("assay_sandbox/zygote.py");

/** The interpreters of Python sources that hold the source, and the children forked from them. */
export function interpreters(): { readonly zygotes: SandboxProcess[]; readonly children: SandboxProcess[] } {
  const all = processesBelow().filter(isInterpreter);
  const pids = new Set(all.map(({ pid }) => pid));
  return {
    zygotes: all.filter(({ parent }) => !pids.has(parent)),
    children: all.filter(({ parent }) => pids.has(parent)),
  };
}

export const mebibytes = (bytes: number): number => bytes / 1024 / 1024;
export const totalPss = (): number => processesBelow().reduce((sum, { pssBytes }) => sum + pssBytes, 0);
