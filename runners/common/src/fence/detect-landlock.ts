import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { removeFoldersLeft } from "../folders-left.ts";
import { probeFence } from "./fence-probe.ts";
import { FenceError } from "./fence-remedy.ts";
import type { Fence } from "./fence-spec.ts";
import { inheritedDescriptors } from "./inherited-descriptors.ts";
import { landlockSeccompFilters } from "./landlock-filter.ts";
import { fenceArch, findProgram, openStagingForOthers } from "./machine.ts";
import { stagingPrefix } from "./staging.ts";

const run = promisify(execFile);
const launcherPath = fileURLToPath(new URL("../../sandbox/landlock_launcher.py", import.meta.url));

/**
 * The least version of Landlock that is accepted (Linux 6.2). Older ones cannot keep a program from emptying files that it may not
 * write: they do not know truncation. What newer ones add (TCP, device calls, signals) the system call filter refuses as well.
 */
export const landlockAbiMin = 3;

// CAP_SETGID, CAP_SETUID, CAP_KILL, CAP_CHOWN and CAP_DAC_OVERRIDE: to become another user, to end its processes, and to give and remove
// its folder.
const neededCapabilities = [6, 7, 5, 0, 1];

function canUseOtherUsers(): boolean {
  const status = readFileSync("/proc/self/status", "latin1");
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  return neededCapabilities.every((bit) => (effective & (1n << BigInt(bit))) !== 0n);
}

/**
 * User ids that nobody else has, one for each sandbox: from the range that systemd's documentation lists as unused by anyone, else
 * (in a user namespace with few ids) from that of its dynamic users.
 */
function userIds(): () => number {
  const ranges = [
    { from: 1_879_048_192, until: 2_147_352_576 },
    { from: 61_184, until: 65_520 },
  ];
  const mapped = readFileSync("/proc/self/uid_map", "latin1").trim().split("\n");
  const isMapped = ({ from, until }: { from: number; until: number }): boolean =>
    mapped.some((line) => {
      const [first = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
      return from >= first && until <= first + count;
    });
  const range = ranges.find(isMapped);
  if (range === undefined) throw new FenceError({ what: "otherUsers" });
  return () => randomInt(range.from, range.until);
}

async function landlockAbi(pythonPath: string): Promise<number> {
  const { stdout } = await run(pythonPath, ["-I", "-S", "-B", launcherPath, "abi"], { env: {} });
  const abi = Number(stdout);
  if (Number.isNaN(abi)) throw new FenceError({ what: "landlockError", error: stdout.trim() });
  if (abi < landlockAbiMin) throw new FenceError({ what: "landlockAbi", abi, least: landlockAbiMin });
  return abi;
}

/**
 * The weaker fence, which needs no namespaces: Landlock, the system call filter, limits, no new privileges, an empty environment, and
 * for root a user of its own for each sandbox.
 * @param because why it is not bubblewrap
 * @throws FenceError that names what is missing and how to get it
 */
export async function detectLandlock(because?: string): Promise<Fence> {
  const arch = fenceArch();
  const pythonPath = findProgram("python3", "python3");
  const abi = await landlockAbi(pythonPath);
  const isRoot = process.getuid?.() === 0;
  if (isRoot && !canUseOtherUsers()) throw new FenceError({ what: "otherUsers" });
  const takeUserId = isRoot ? userIds() : undefined;
  const staging = isRoot ? openStagingForOthers() : undefined;
  removeFoldersLeft(tmpdir(), stagingPrefix);
  const fence: Fence = {
    kind: "landlock",
    abi,
    because,
    pythonPath,
    launcherPath,
    seccompFilters: landlockSeccompFilters(arch),
    takeUserId,
    staging,
    inherited: inheritedDescriptors(),
    close: () => staging?.close(),
  };
  const { hasRun, stderr, holes } = await probeFence(fence);
  if (hasRun && holes.length === 0) return fence;
  fence.close();
  throw new FenceError(
    hasRun ? { what: "landlockLeaky", leaks: holes } : { what: "landlockRefused", stderr: stderr.trim() },
  );
}
