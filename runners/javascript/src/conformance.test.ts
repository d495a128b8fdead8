import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { detectFence, type Fence } from "@assay/runner-common";
import { javascriptCases } from "../../common/conformance/javascript-cases.ts";
import { openConformanceRunner, runCase, sourceOf, type ConformanceRunner } from "../../common/conformance/harness.ts";
import { createJavascriptExecutor } from "./executor.ts";
import { hostPids } from "./testing-hosts.ts";

const processes = 2;
const bystander = sourceOf("bystander", "export async function fetchData({ data }) { return { data }; }");
let fence: Fence;
let runner: ConformanceRunner;

beforeAll(async () => {
  fence = await detectFence({ sandbox: "on" });
  runner = await openConformanceRunner(await createJavascriptExecutor({ fence, processes }));
});

afterAll(async () => {
  await runner.close();
  fence.close();
  expect(hostPids()).toEqual([]);
});

describe("no source harms anything but itself", () => {
  test.each(javascriptCases)("$id $name", async (attack) => {
    expect(await runCase(runner, attack, bystander)).toEqual([]);
    // The lost host is replaced, and nothing else is left: those at work and the spare one.
    await vi.waitFor(() => expect(hostPids().length).toBe(processes + 1), { timeout: 10_000 });
  });
});
