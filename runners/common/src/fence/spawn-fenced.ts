import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bubblewrapArguments, limitedCommand, prlimitArguments } from "./bubblewrap-arguments.ts";
import type { Fence, FenceSpec } from "./fence-spec.ts";
import { fencedChild, insistAfterMs, type FencedChild } from "./fenced-child.ts";
import { hostPath } from "./host-path.ts";
import { childrenOf, sandboxName } from "./orphans.ts";
import { withoutInherited } from "./inherited-descriptors.ts";
import { spawnBehindLandlock } from "./spawn-behind-landlock.ts";

function killed(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}

function spawnInBubblewrap(fence: Extract<Fence, { kind: "bubblewrap" }>, spec: FenceSpec): FencedChild {
  const command = ["--args", "4", "--seccomp", "5", "--info-fd", "6", "--", ...limitedCommand(fence, spec)];
  const child = spawn(fence.bubblewrapPath, command, {
    cwd: "/",
    argv0: sandboxName(process.pid),
    // Nothing of the runner's environment may be found inside, not even in /proc/1/environ.
    env: {},
    // Output twice, then the channel, arguments, filter and information.
    stdio: withoutInherited(["pipe", "pipe", "pipe", "pipe", "pipe", "pipe"], fence.inherited),
    ...(fence.dropTo === undefined ? {} : { uid: fence.dropTo, gid: fence.dropTo }),
  });
  let insidePid: number | undefined;
  let isKillWanted = false;
  const kill = (): void => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (insidePid === undefined) {
      // Bubblewrap's child waits for its word before it is tied to its life; killed now, it could leave that child behind.
      isKillWanted = true;
    } else if (!killed(insidePid)) child.kill("SIGKILL");
    // Process 1 inside first: then bubblewrap reaps it. The other way round it would be left to this machine's process 1,
    // which in a container may be a program that reaps nobody. Only where that brings no end bubblewrap goes too.
    setTimeout(() => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // A child that still waits for bubblewrap's word would wait for ever.
      for (const pid of childrenOf(child.pid)) killed(pid);
      child.kill("SIGKILL");
    }, insistAfterMs).unref();
  };
  const fenced = fencedChild(child, kill);
  const pipeAt = (index: number): Socket => child.stdio[index] as Socket;
  const inputs = [Buffer.from(bubblewrapArguments(fence, spec).join("\0") + "\0"), fence.seccompFilter];
  for (const [index, bytes] of inputs.entries()) {
    const pipe = pipeAt(4 + index);
    pipe.on("error", () => pipe.destroy());
    pipe.end(bytes);
    pipe.resume();
  }
  const info = pipeAt(6);
  info.on("error", () => info.destroy());
  info.on("data", (bytes: Buffer) => {
    insidePid ??= Number(/"child-pid":\s*(\d+)/.exec(bytes.toString("latin1"))?.[1]) || undefined;
    if (isKillWanted) kill();
  });
  return fenced;
}

function spawnUnfenced(fence: Fence, spec: FenceSpec): FencedChild {
  const folder = mkdtempSync(join(tmpdir(), "assay-unfenced-"));
  const child = spawn(
    "prlimit",
    [...prlimitArguments(spec.limits, false), "--", ...spec.command.map((part) => hostPath(spec, part))],
    {
      cwd: folder,
      env: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8", HOME: folder, TMPDIR: folder, ...spec.env },
      stdio: withoutInherited(["pipe", "pipe", "pipe"], fence.inherited),
      // A process group of its own, so that a kill reaches what it started.
      detached: true,
    },
  );
  const fenced = fencedChild(child, () => {
    try {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    } catch {
      // Already gone.
    }
  });
  void fenced.exited.then(() => rmSync(folder, { recursive: true, force: true }));
  return fenced;
}

/**
 * Starts a program inside the fence. It reads `readOnlyPaths` and a private folder for temporary files, and has a channel on file
 * descriptor 3. In bubblewrap it is process 1, sees nothing else, and that folder is /tmp; elsewhere TMPDIR names it.
 * @throws Error when this machine has no more files or processes to give; other failures are an `exited` with an error
 */
export function spawnFenced(fence: Fence, spec: FenceSpec): FencedChild {
  switch (fence.kind) {
    case "bubblewrap":
      return spawnInBubblewrap(fence, spec);
    case "landlock":
      return spawnBehindLandlock(fence, spec);
    case "off":
      return spawnUnfenced(fence, spec);
  }
}
