import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Fence, FenceSpec } from "./fence-spec.ts";
import { detectFence } from "./fence.ts";
import { landlockSeccompFilters } from "./landlock-filter.ts";
import { fenceArch } from "./machine.ts";
import { spawnFenced } from "./spawn-fenced.ts";
import { stagingPrefix } from "./staging.ts";

let fence: Fence;
let folder: string;

beforeAll(async () => {
  fence = await detectFence({ sandbox: "landlock" });
  folder = mkdtempSync(join(tmpdir(), "assay-landlock-test-"));
  // As below /root: nobody but the owner may enter.
  chmodSync(folder, 0o700);
});
afterAll(() => {
  fence.close();
  rmSync(folder, { recursive: true });
  expect(ownFolders()).toEqual([]);
});

const isRoot = process.getuid?.() === 0;
const system = ["/usr", "/bin", "/lib", "/lib64"].map((path) => ({ host: path, inside: path }));
const python = ["/usr/bin/python3", "-I", "-S", "-c"];

function ownFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`${stagingPrefix}${process.pid}-`));
}

function shell(script: string, spec: Partial<FenceSpec> = {}): FenceSpec {
  const limits = { processes: 32, openFiles: 64, fileBytes: 1024 ** 2 };
  return {
    command: ["/bin/sh", "-c", script],
    readOnlyPaths: system,
    tmpBytes: 1024 ** 2,
    limits,
    forks: true,
    ...spec,
  };
}

async function outputOf(spec: FenceSpec): Promise<string> {
  const child = spawnFenced(fence, spec);
  const [output] = await Promise.all([text(child.stdout), text(child.stderr), child.exited]);
  return output.trim();
}

function processesWith(mark: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(mark);
      } catch {
        return false;
      }
    });
}

describe("what a program behind Landlock can open", () => {
  test("only what it is given, in an empty environment, as a user who is not root", async () => {
    vi.stubEnv("SECRET_TOKEN", "hunter2");
    const look = "id -u; env; cat /etc/passwd /proc/1/environ /proc/self/status; ls / /tmp /proc; echo end";
    const lines = (await outputOf(shell(look))).split("\n");
    vi.unstubAllEnvs();
    expect(lines.join("\n")).not.toMatch(/hunter2|root:|SECRET|Name:/);
    expect(lines[0]).not.toBe("0");
    const names = lines.slice(1, -1).map((line) => line.split("=")[0]);
    expect(new Set(names)).toEqual(new Set(["HOME", "LANG", "PATH", "PWD", "TMPDIR"]));
  });

  test("what only the owner of the runner could read, read-only", async () => {
    writeFileSync(join(folder, "given"), "content", { mode: 0o600 });
    const script = `import sys, os
print(open(sys.argv[1] + "/given").read())
for act in (lambda p: open(p, "a"), lambda p: os.truncate(p, 0), lambda p: os.chmod(p, 0o777), lambda p: os.utime(p), lambda p: os.link(p, os.environ["TMPDIR"] + "/x"), os.unlink):
    try: act(sys.argv[1] + "/given"); print("done")
    except OSError as error: print(type(error).__name__)`;
    const readOnlyPaths = [...system, { host: folder, inside: "/given" }];
    const output = await outputOf(shell("", { command: [...python, script, "/given"], readOnlyPaths }));
    expect(output.split("\n").slice(1)).not.toContain("done");
    expect(output.split("\n")[0]).toBe("content");
    expect(readFileSync(join(folder, "given"), "utf8")).toBe("content");
  });

  test("no socket of any family; no watch on other people's files; no signal in somebody else's name", async () => {
    const script = `import ctypes, errno, fcntl, os, socket
libc = ctypes.CDLL(None, use_errno=True)
seen = set()
def attempt(act, *arguments):
    try: act(*arguments); seen.add("done")
    except OSError as error: seen.add(errno.errorcode[error.errno])
for family in range(1, 46):
    for kind in (1, 2, 3): attempt(socket.socket, family, kind)
attempt(fcntl.fcntl, 3, fcntl.F_SETOWN, os.getppid())
attempt(os.setpriority, os.PRIO_PROCESS, os.getppid(), 19)
attempt(os.kill, os.getppid(), 0)
seen.add(errno.errorcode[ctypes.get_errno()] if libc.inotify_init() < 0 else "done")
print(sorted(seen))`;
    expect(await outputOf(shell("", { command: [...python, script] }))).toBe("['EPERM']");
  });

  test("a program that makes no processes cannot make one, nor signal anybody", async () => {
    const script = `import os
for act in (os.fork, lambda: os.kill(os.getppid(), 0), lambda: os.kill(1, 9)):
    try: act(); print("done")
    except OSError as error: print(error.errno)
os.kill(os.getpid(), 0)`;
    const { forks: _, ...single } = shell("", { command: [...python, script] });
    expect(await outputOf(single)).toBe("11\n1\n1");
    // Whatever the version of Landlock: the filter alone does it.
    const { forking, single: filter } = landlockSeccompFilters(fenceArch());
    expect(filter.length).toBeGreaterThan(forking.length);
  });
});

describe("what it may take", () => {
  test("memory, processor time and the size of a file have a bound", async () => {
    const limits = { addressSpaceBytes: 64 * 1024 ** 2, cpuSeconds: 1, openFiles: 16, fileBytes: 65_536 };
    const tight = (script: string): FenceSpec => shell(script, { limits });
    expect(
      await outputOf(tight("dd if=/dev/urandom of=/dev/null bs=128M count=1 2>&1 | grep -o 'memory exhausted'")),
    ).toBe("memory exhausted");
    expect(await outputOf(tight('dd if=/dev/urandom of="$TMPDIR/a" bs=1k count=100; wc -c < "$TMPDIR/a"'))).toBe(
      "65536",
    );
    const busy = spawnFenced(fence, tight("while :; do :; done"));
    busy.stdout.resume();
    busy.stderr.resume();
    expect(await busy.exited).toMatchObject({ code: 137 });
  });

  test.runIf(isRoot)("processes: a fork bomb ends at the limit of its own sandbox, whatever others run", async () => {
    const others = [1, 2, 3].map(() => spawnFenced(fence, shell("exec sleep 30")));
    const bomb = "for i in $(seq 40); do sleep 30 & done; wait";
    const child = spawnFenced(fence, shell(bomb, { limits: { processes: 12, openFiles: 64, fileBytes: 0 } }));
    child.stdout.resume();
    expect(await text(child.stderr)).toMatch(/[Cc]annot fork/);
    child.kill();
    for (const other of others) other.kill();
    await Promise.all([child, ...others].map((one) => one.exited));
  });
});

describe("the end", () => {
  test("leaves no file, however deep or locked its folders are", async () => {
    const script = `import os
os.mkdir("locked", 0)
os.symlink("/etc", "link")
for n in range(1000):
    os.mkdir("deep"); open("file", "w").close(); os.chdir("deep")
os.mkdir("bottom", 0o300)
print(os.environ["TMPDIR"])`;
    const place = await outputOf(shell("", { command: [...python, script] }));
    expect(place).toContain(stagingPrefix);
    expect(existsSync(join(place, ".."))).toBe(false);
    expect(existsSync("/etc/hosts")).toBe(true);
  });

  test("of the program is the end of all that came of it", async () => {
    const mark = `62.${process.pid}`;
    const child = spawnFenced(fence, shell(`(setsid sleep ${mark} &) ; setsid setsid sleep ${mark} & exit 7`));
    for (const stream of [child.stdout, child.stderr]) stream.resume();
    expect(await child.exited).toEqual({ code: 7, signal: null });
    expect(processesWith(mark)).toEqual([]);
  });

  test("by a kill leaves nothing: no daemon of its own session, no bomb that goes on forking", async () => {
    const mark = `63.${process.pid}`;
    const bomb = `while :; do (setsid sleep ${mark} &); done`;
    const child = spawnFenced(fence, shell(`(setsid sh -c '${bomb}' &); sleep ${mark}`));
    for (const stream of [child.stdout, child.stderr]) stream.resume();
    await vi.waitFor(() => expect(processesWith(mark).length).toBeGreaterThan(5));
    child.kill();
    await child.exited;
    expect(processesWith(mark)).toEqual([]);
  });

  test("by a kill at any moment of the start leaves nothing", async () => {
    const mark = `64.${process.pid}`;
    for (let turn = 0; turn < 10; turn++) {
      const child = spawnFenced(fence, shell(`sleep ${mark}`));
      for (const stream of [child.stdout, child.stderr]) stream.resume();
      // Somewhere between the fork and the program: not a wait for anything.
      for (let spin = 0; spin < turn * 400_000; spin++) Math.sqrt(spin);
      child.kill();
      await child.exited;
    }
    expect(processesWith(mark)).toEqual([]);
    expect(ownFolders().filter((name) => existsSync(join(tmpdir(), name, "tmp")))).toEqual([]);
  });

  test("of a runner that is killed takes its sandboxes and their folders along", async () => {
    const mark = `65.${process.pid}`;
    const script = join(folder, "runner.ts");
    writeFileSync(
      script,
      `import { detectFence } from "${import.meta.dirname}/fence.ts";
       import { spawnFenced } from "${import.meta.dirname}/spawn-fenced.ts";
       const fence = await detectFence({ sandbox: "landlock" });
       spawnFenced(fence, ${JSON.stringify(shell(`(setsid sleep ${mark} &); sleep ${mark}`))});
       setInterval(() => {}, 1000);`,
    );
    const runner = spawn(process.execPath, [script], { stdio: "inherit" });
    const itsFolders = (): string[] =>
      readdirSync(tmpdir()).filter(
        (name) => existsSync(join(tmpdir(), name, "tmp")) && name.includes(`-${runner.pid}-`),
      );
    await vi.waitFor(() => expect(processesWith(`sleep\0${mark}`).length).toBe(2), { timeout: 20_000 });
    expect(itsFolders()).toHaveLength(1);
    runner.kill("SIGKILL");
    await vi.waitFor(() => expect([...processesWith(mark), ...itsFolders()]).toEqual([]), { timeout: 20_000 });
  });

  test("comes at once for a program that does not exist, with its name", async () => {
    const child = spawnFenced(fence, shell("", { command: ["/usr/bin/no-such-program"] }));
    child.stdout.resume();
    expect(await text(child.stderr)).toContain("no-such-program");
    expect(await child.exited).toMatchObject({ code: 127 });
  });
});
