import { basename } from "node:path";
import type { Fence, FenceLimits, FenceSpec } from "./fence-spec.ts";

type Bubblewrap = Extract<Fence, { kind: "bubblewrap" }>;

const namespaces = ["user", "pid", "ipc", "uts", "net", "cgroup-try"].map((name) => `--unshare-${name}`);
const insideId = "65534";
const launcherFolder = "/.fence";

/** Options of util-linux `prlimit`; soft and hard limits are the same, so that no signal can be caught. */
export function prlimitArguments(limits: FenceLimits, isCounted: boolean): string[] {
  const { addressSpaceBytes, cpuSeconds, processes, openFiles, fileBytes } = limits;
  return [
    "--core=0",
    `--nofile=${openFiles}`,
    `--fsize=${fileBytes}`,
    ...(addressSpaceBytes === undefined ? [] : [`--as=${addressSpaceBytes}`]),
    ...(cpuSeconds === undefined ? [] : [`--cpu=${cpuSeconds}`]),
    ...(processes === undefined || !isCounted ? [] : [`--nproc=${processes}`]),
  ];
}

/** The command, started by `prlimit` with libraries of its own, so that it needs none of the caller's read-only paths. */
export function limitedCommand(fence: Bubblewrap, spec: FenceSpec): string[] {
  const inside = (path: string): string => `${launcherFolder}/${basename(path)}`;
  const { loader, path } = fence.prlimit;
  const launcher = [inside(loader), "--library-path", launcherFolder, inside(path)];
  return [...launcher, ...prlimitArguments(spec.limits, true), "--", ...spec.command];
}

/** Every option of bubblewrap that shapes the sandbox. They go through a file descriptor, so that no host path is in its command line. */
export function bubblewrapArguments(fence: Bubblewrap, spec: FenceSpec): string[] {
  const { prlimit, staging } = fence;
  const launcher = [prlimit.path, ...prlimit.libraries].map((host) => ({
    host,
    inside: `${launcherFolder}/${basename(host)}`,
  }));
  const binds = [...spec.readOnlyPaths, ...launcher].flatMap(({ host, inside }) => [
    "--ro-bind",
    staging === undefined ? host : staging.readable(host),
    inside,
  ]);
  const hasTmp = spec.tmpBytes > 0;
  const environment = { PATH: "/usr/bin", LANG: "C.UTF-8", HOME: "/tmp", TMPDIR: "/tmp", ...spec.env };
  return [
    namespaces,
    fence.disableUserns ? ["--disable-userns"] : [],
    ["--uid", insideId, "--gid", insideId, "--hostname", "sandbox", "--cap-drop", "ALL"],
    ["--as-pid-1", "--die-with-parent", "--new-session", "--clearenv"],
    Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]),
    binds,
    ["null", "urandom"].flatMap((name) => ["--dev-bind", `/dev/${name}`, `/dev/${name}`]),
    hasTmp ? ["--size", String(spec.tmpBytes), "--tmpfs", "/tmp"] : [],
    ["--remount-ro", "/", "--chdir", hasTmp ? "/tmp" : "/"],
  ].flat();
}
