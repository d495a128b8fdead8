import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { detectFence, type Fence } from "@assay/runner-common";
import { javascriptCases } from "../../common/conformance/javascript-cases.ts";
import { openConformanceRunner, runCase, sourceOf, type ConformanceRunner } from "../../common/conformance/harness.ts";
import { createJavascriptExecutor } from "./executor.ts";

const processes = 2;
const bystander = sourceOf("bystander", "export async function fetchData({ data }) { return { data }; }");
let fence: Fence;
let runner: ConformanceRunner;

/** Host processes of this test: those below it that run host.js, without bubblewrap's own. */
function hostCount(): number {
  const parents = new Map<number, number>();
  const hosts: number[] = [];
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
      if (readFileSync(`/proc/${name}/cmdline`, "utf8").startsWith("/runner/node\0")) hosts.push(Number(name));
    } catch {
      // Ended meanwhile.
    }
  }
  const isBelowUs = (pid: number): boolean => pid === process.pid || (pid > 1 && isBelowUs(parents.get(pid) ?? 0));
  return hosts.filter(isBelowUs).length;
}

beforeAll(async () => {
  fence = await detectFence({ sandbox: "on" });
  runner = await openConformanceRunner(await createJavascriptExecutor({ fence, processes }));
});

afterAll(async () => {
  await runner.close();
  fence.close();
  expect(hostCount()).toBe(0);
});

describe("no source harms anything but itself", () => {
  test.each(javascriptCases)("$id $name", async (attack) => {
    expect(await runCase(runner, attack, bystander)).toEqual([]);
    // The lost host is replaced, and nothing else is left: those at work and the spare one.
    await vi.waitFor(() => expect(hostCount()).toBe(processes + 1), { timeout: 10_000 });
  });
});
