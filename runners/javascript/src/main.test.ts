import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { hostPids } from "./testing-hosts.ts";

const env = {
  ASSAY_RUNNER_TOKEN: "a token that only this test knows, long enough",
  ASSAY_RUNNER_LISTEN: "127.0.0.1:0",
  ASSAY_RUNNER_PROCESSES: "1",
};

function startMain(more: Record<string, string> = {}): { readonly child: ChildProcess; readonly output: () => string } {
  const child = fork(fileURLToPath(new URL("./main.ts", import.meta.url)), [], {
    env: { ...env, ...more },
    silent: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output };
}

async function startedMain(): Promise<{ readonly child: ChildProcess; readonly hosts: number[] }> {
  const { child } = startMain();
  const [message] = await once(child, "message");
  expect(message).toEqual({ type: "ready" });
  const hosts = hostPids(child.pid);
  expect(hosts).toHaveLength(3);
  return { child, hosts };
}

const left = (pids: number[]): number[] => pids.filter((pid) => existsSync(`/proc/${pid}`));

test("SIGTERM ends the runner and all its hosts in order", async () => {
  const { child, hosts } = await startedMain();
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(left(hosts)).toEqual([]);
});

test("kill -9 of the runner leaves no host behind", async () => {
  const { child, hosts } = await startedMain();
  child.kill("SIGKILL");
  await once(child, "exit");
  await vi.waitFor(() => expect(left(hosts)).toEqual([]), { timeout: 10_000 });
});

test("a runner that is not configured says all that is missing in plain words", async () => {
  const { child, output } = startMain({ ASSAY_RUNNER_TOKEN: "short", ASSAY_RUNNER_LISTEN: "nowhere" });
  expect(await once(child, "exit")).toEqual([1, null]);
  expect(output()).toMatch(/ASSAY_RUNNER_TOKEN[^]*ASSAY_RUNNER_LISTEN/);
  expect(output()).not.toMatch(/short|\n\s+at /);
});
