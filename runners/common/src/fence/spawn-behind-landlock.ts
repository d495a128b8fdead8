import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fence, FenceSpec } from "./fence-spec.ts";
import { fencedChild, type FencedChild } from "./fenced-child.ts";
import { hostPath } from "./host-path.ts";
import { withoutInherited } from "./inherited-descriptors.ts";
import { ownPidPlaceholder } from "./seccomp-filter.ts";
import { stagingPrefix } from "./staging.ts";

type Landlock = Extract<Fence, { kind: "landlock" }>;

/** RLIMIT_ names. The number of processes is counted per user, so it can be a sandbox's own only where its user is. */
function limitsOf({ limits, tmpBytes }: FenceSpec, isCounted: boolean): Record<string, number> {
  const { addressSpaceBytes, cpuSeconds, processes, openFiles, fileBytes } = limits;
  return {
    NOFILE: openFiles,
    FSIZE: Math.min(fileBytes, tmpBytes),
    ...(addressSpaceBytes === undefined ? {} : { AS: addressSpaceBytes }),
    ...(cpuSeconds === undefined ? {} : { CPU: cpuSeconds }),
    ...(processes === undefined || !isCounted ? {} : { NPROC: processes }),
  };
}

/** What the launcher is told; its names are those of landlock_launcher.py. */
function orderOf(fence: Landlock, spec: FenceSpec): object {
  const readable = (host: string): string => fence.staging?.readable(host) ?? host;
  const [program = "", ...rest] = spec.command;
  const inside = (part: string): string => hostPath(spec, part, readable);
  const scratchFolder = spec.tmpBytes > 0 ? join(tmpdir(), `${stagingPrefix}${process.pid}-${randomUUID()}`) : null;
  const home = scratchFolder === null ? "/" : join(scratchFolder, "tmp");
  return {
    program: inside(program),
    arguments: [program, ...rest.map(inside)],
    env: { PATH: "/usr/bin", LANG: "C.UTF-8", HOME: home, PWD: home, TMPDIR: home, ...spec.env },
    readOnly: spec.readOnlyPaths.map(({ host }) => readable(host)),
    scratchFolder,
    limits: limitsOf(spec, fence.takeUserId !== undefined),
    uid: fence.takeUserId?.() ?? null,
    filter: fence.seccompFilters[spec.forks === true ? "forking" : "single"].toString("hex"),
    ownPidPlaceholder,
  };
}

/**
 * Starts a program behind Landlock, with a supervisor of its own that kills all that came of it: when the program ends, when it is told
 * to, and when the runner is gone.
 */
export function spawnBehindLandlock(fence: Landlock, spec: FenceSpec): FencedChild {
  const order = Buffer.from(JSON.stringify(orderOf(fence, spec)));
  const child = spawn(fence.pythonPath, ["-I", "-S", "-B", fence.launcherPath], {
    cwd: "/",
    env: {},
    // Output twice, then the channel and the order, whose end is the word to kill.
    stdio: withoutInherited(["pipe", "pipe", "pipe", "pipe"], fence.inherited),
  });
  const fenced = fencedChild(child, () => orders.destroy());
  const orders = child.stdio[4] as Socket;
  orders.on("error", () => orders.destroy());
  const length = Buffer.alloc(4);
  length.writeUInt32BE(order.length);
  orders.write(Buffer.concat([length, order]));
  orders.resume();
  return fenced;
}
