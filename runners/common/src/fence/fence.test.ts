import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { FenceError } from "./fence-remedy.ts";
import type { Fence, FenceSpec } from "./fence-spec.ts";
import { detectFence } from "./fence.ts";
import { sharedLibrariesOf } from "./shared-libraries.ts";
import { spawnFenced } from "./spawn-fenced.ts";

let fence: Fence;
let folder: string;

beforeAll(async () => {
  fence = await detectFence({ sandbox: "bubblewrap" });
  folder = mkdtempSync(join(tmpdir(), "assay-fence-test-"));
  // As below /root: nobody but the owner may enter.
  chmodSync(folder, 0o700);
});
afterAll(() => {
  fence.close();
  rmSync(folder, { recursive: true });
});

const system = ["/usr", "/bin", "/lib", "/lib64"].map((path) => ({ host: path, inside: path }));

function shell(script: string, spec: Partial<FenceSpec> = {}): FenceSpec {
  const limits = { processes: 32, openFiles: 64, fileBytes: 1024 ** 2 };
  return { command: ["/bin/sh", "-c", script], readOnlyPaths: system, tmpBytes: 1024 ** 2, limits, ...spec };
}

async function outputOf(spec: FenceSpec): Promise<string> {
  const child = spawnFenced(fence, spec);
  const [output] = await Promise.all([text(child.stdout), text(child.stderr), child.exited]);
  return output.trim();
}

/** Processes of this machine whose command line holds the mark; a fence hides nothing from outside. */
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

test("a program that is killed at any moment of its start is gone, and nothing of it waits for ever", async () => {
  const mark = `sleep 61.${process.pid}`;
  for (let turn = 0; turn < 40; turn++) {
    const child = spawnFenced(fence, shell(mark));
    for (const stream of [child.stdout, child.stderr]) stream.resume();
    // Somewhere between the fork and the program: not a wait for anything.
    for (let spin = 0; spin < turn * 100_000; spin++) Math.sqrt(spin);
    child.kill();
    await child.exited;
  }
  expect(processesWith(mark)).toEqual([]);
});

describe("what a fenced program sees", () => {
  test("is process 1, nobody, in an empty environment, with its own files alone", async () => {
    vi.stubEnv("SECRET_TOKEN", "hunter2");
    const output = await outputOf(shell(`echo $$ $(id -u); env; ls /; cat /etc/passwd /proc/1/environ`));
    vi.unstubAllEnvs();
    expect(output).toMatch(/^1 65534\n/);
    expect(output).not.toContain("hunter2");
    expect(output).not.toContain("root:");
    expect(output.split("\n").slice(-7)).toEqual(expect.arrayContaining(["bin", "dev", "lib", "tmp", "usr"]));
  });

  test("reads what it is given, even where only the owner of the runner could, and cannot change it", async () => {
    writeFileSync(join(folder, "given"), "content", { mode: 0o600 });
    const readOnlyPaths = [...system, { host: folder, inside: "/given" }];
    const output = await outputOf(shell("cat /given/given; echo x > /given/given || echo kept", { readOnlyPaths }));
    expect(output).toBe("contentkept");
  });

  test("inherits no file descriptor but its channel", async () => {
    const script = join(folder, "leaky-runner.ts");
    const look = 'exec bash -c "for n in {3..60}; do (: >&\\$n) 2>/dev/null && echo \\$n; done; echo leak >&40"';
    writeFileSync(
      script,
      `import { detectFence } from "${import.meta.dirname}/fence.ts";
       import { spawnFenced } from "${import.meta.dirname}/spawn-fenced.ts";
       const fence = await detectFence({ sandbox: "on" });
       const child = spawnFenced(fence, ${JSON.stringify(shell(look))});
       child.stdout.pipe(process.stdout);
       await child.exited;
       fence.close();`,
    );
    // As a launcher that leaves a pipe open for the runner.
    const stdio = Array.from({ length: 41 }, (_, index) => (index === 1 || index === 40 ? "pipe" : "ignore"));
    const runner = spawn(process.execPath, [script], { stdio });
    const leaked = text(runner.stdio[40 as 3] as Readable);
    expect(await text(runner.stdout as Readable)).toBe("3\n40\n");
    expect(await leaked).toBe("");
  });
});

describe("what a fenced program may take", () => {
  test("processes: a fork bomb ends at the limit of its own sandbox, whatever others run", async () => {
    const bomb = "for i in $(seq 40); do sleep 30 & done; wait";
    const others = [1, 2, 3].map(() => spawnFenced(fence, shell("exec sleep 30")));
    const child = spawnFenced(fence, shell(bomb, { limits: { processes: 12, openFiles: 64, fileBytes: 0 } }));
    child.stdout.resume();
    expect(await text(child.stderr)).toMatch(/[Cc]annot fork/);
    child.kill();
    for (const other of others) other.kill();
    await Promise.all([child, ...others].map((one) => one.exited));
  });

  test("memory, processor time, file size and the size of /tmp have a bound", async () => {
    const limits = { addressSpaceBytes: 64 * 1024 ** 2, cpuSeconds: 1, openFiles: 16, fileBytes: 65_536 };
    const tight = (script: string): FenceSpec => shell(script, { limits });
    expect(
      await outputOf(tight("dd if=/dev/urandom of=/dev/null bs=128M count=1 2>&1 | grep -o 'memory exhausted'")),
    ).toBe("memory exhausted");
    expect(await outputOf(tight("dd if=/dev/urandom of=/tmp/a bs=1k count=100; wc -c < /tmp/a"))).toBe("65536");
    const full = "dd if=/dev/urandom of=/tmp/a bs=64k count=100 2>&1 | grep -o 'No space left'";
    expect(await outputOf(shell(full, { limits: { openFiles: 16, fileBytes: 2 ** 30 } }))).toBe("No space left");
    const busy = spawnFenced(fence, tight("while :; do :; done"));
    busy.stdout.resume();
    busy.stderr.resume();
    expect(await busy.exited).toMatchObject({ code: 137 });
  });
});

describe("the channel and the end", () => {
  test("Node runs without a JIT and answers over its channel", async () => {
    const script = join(folder, "host.js");
    writeFileSync(script, `const s = new (require("net").Socket)({ fd: 3 }); s.on("data", (d) => s.end("got " + d));`);
    const files = [process.execPath, ...(await sharedLibrariesOf([process.execPath]))];
    const child = spawnFenced(fence, {
      command: [process.execPath, "--jitless", "--no-node-snapshot", "/sandbox/host.js"],
      readOnlyPaths: [...files.map((path) => ({ host: path, inside: path })), { host: folder, inside: "/sandbox" }],
      tmpBytes: 0,
      limits: { addressSpaceBytes: 3 * 1024 ** 3, processes: 32, openFiles: 64, fileBytes: 0 },
    });
    child.channel.write("hello");
    expect(await text(child.channel)).toBe("got hello");
    expect(await child.exited).toEqual({ code: 0, signal: null });
  });

  test("kill leaves nothing, not even a daemon that left its session", async () => {
    const child = spawnFenced(fence, shell("(setsid sleep 987651 &) ; sleep 987651"));
    await vi.waitFor(() => expect(processesWith("987651").length).toBeGreaterThan(1));
    child.kill();
    await child.exited;
    expect(processesWith("987651")).toEqual([]);
  });

  test("a runner that is killed takes its sandboxes along", async () => {
    const script = join(folder, "runner.ts");
    const here = import.meta.dirname;
    writeFileSync(
      script,
      `import { detectFence } from "${here}/fence.ts";
       import { spawnFenced } from "${here}/spawn-fenced.ts";
       const fence = await detectFence({ sandbox: "on" });
       spawnFenced(fence, ${JSON.stringify(shell("sleep 987652 & sleep 987652"))});
       setInterval(() => {}, 1000);`,
    );
    const runner = spawn(process.execPath, [script], { stdio: "inherit" });
    await vi.waitFor(() => expect(processesWith("sleep\x00987652").length).toBe(2), { timeout: 20_000 });
    runner.kill("SIGKILL");
    await vi.waitFor(() => expect(processesWith("987652")).toEqual([]));
  });

  test("a program that does not exist ends the child, not the runner", async () => {
    const child = spawnFenced(fence, shell("", { command: ["/usr/bin/no-such-program"] }));
    child.stdout.resume();
    expect(await text(child.stderr)).toContain("no-such-program");
    expect(await child.exited).toMatchObject({ code: 127 });
  });
});

test("a refusal names what is missing and how to get it", () => {
  const missing = new FenceError({ what: "program", program: "bwrap", debianPackage: "bubblewrap" });
  expect(missing.message).toContain("apt-get install -y bubblewrap");
  const refused = new FenceError({ what: "refused", stderr: "No permissions to create new namespace" });
  expect(refused.message).toMatch(/No permissions to create new namespace.*seccomp.*ASSAY_RUNNER_SANDBOX=off/s);
  const both = new FenceError({
    what: "both",
    bubblewrap: missing.obstacle,
    landlock: { what: "landlockError", error: "EOPNOTSUPP" },
  });
  expect(both.message).toMatch(/apt-get install -y bubblewrap.*weaker fence.*lsm=/s);
  const old = new FenceError({ what: "landlockAbi", abi: 2, least: 3 });
  expect(old.message).toContain("Linux 6.2");
});
