import { readdirSync } from "node:fs";
import { getPriority } from "node:os";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { FencedChild } from "./fenced-child.ts";
import { detectFence, type FenceChoice } from "./fence.ts";
import { childrenOf } from "./orphans.ts";
import { spawnFenced } from "./spawn-fenced.ts";

const system = ["/usr", "/bin", "/lib", "/lib64"].map((path) => ({ host: path, inside: path }));
const own = getPriority();
let child: FencedChild | undefined;

afterEach(async () => {
  child?.kill();
  await child?.exited;
});

const below = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(below)];

/** Of every thread of every process of the sandbox. */
function priorities(sandbox: FencedChild): number[] {
  return below(sandbox.pid ?? 0)
    .flatMap((pid) => readdirSync(`/proc/${pid}/task`))
    .map((task) => getPriority(Number(task)));
}

describe.each<FenceChoice>(["bubblewrap", "landlock", "off"])("behind %s", (sandbox) => {
  test("a sandbox is lowered with all its threads and processes, also later ones, and nobody else", async () => {
    const fence = await detectFence({ sandbox });
    try {
      // Without a wait for the threads: some start while the sandbox is being lowered.
      const script = [
        "import os, threading, time",
        "for _ in range(3): threading.Thread(target=time.sleep, args=(60,)).start()",
        "pid = os.fork()",
        "if pid == 0: time.sleep(60)",
        "print('started', flush=True)",
        "os.read(3, 1)",
        "if os.fork() > 0: print('forked', flush=True)",
        "time.sleep(60)",
      ].join("\n");
      child = spawnFenced(fence, {
        command: ["/usr/bin/python3", "-I", "-S", "-c", script],
        ...{ readOnlyPaths: system, tmpBytes: 1024 ** 2, forks: true },
        limits: { processes: 32, openFiles: 64, fileBytes: 1024 ** 2 },
      });
      const sandboxed = child;
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
      child.stderr.resume();
      await vi.waitFor(() => expect(output).toContain("started"), { timeout: 10_000 });
      const before = priorities(sandboxed);
      expect(before).toEqual(before.map(() => own));
      child.lower();
      await vi.waitFor(() => {
        const after = priorities(sandboxed);
        expect(after).toEqual(after.map(() => Math.min(19, own + 10)));
      });
      child.channel.write("x");
      await vi.waitFor(() => expect(output).toContain("forked"), { timeout: 10_000 });
      const later = priorities(sandboxed);
      expect(later.length).toBeGreaterThan(before.length);
      expect(later).toEqual(later.map(() => Math.min(19, own + 10)));
      expect(getPriority()).toBe(own);
    } finally {
      child?.kill();
      await child?.exited;
      fence.close();
    }
  });
});
