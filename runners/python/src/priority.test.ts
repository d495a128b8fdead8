import { getPriority } from "node:os";
import { createEfforts } from "@assay/runner-common";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { source } from "../../common/conformance/python-code.ts";
import { openHarness, type Harness } from "./testing-sandbox.ts";

const clock = { nowMs: 0 };
const efforts = createEfforts(() => clock.nowMs);
let harness: Harness;
beforeAll(async () => {
  harness = await openHarness({}, efforts);
});
afterAll(async () => {
  await harness.close();
});

const one = { kind: "returned", json: "1" };
/** Behind others it may take its time. */
const timeoutMs = 20_000;
const computing = (ms: number): string =>
  source(`end = time.process_time() + ${ms / 1000}\nwhile time.process_time() < end: pass\nreturn 1`, "import time");

const lowered = (): number[] => harness.processes().filter((pid) => getPriority(pid) > getPriority());
const sandboxOf = async (code: string, sourceId: string): Promise<number> => {
  const others = harness.sandboxes();
  expect(await harness.run({ code, sourceId, timeoutMs })).toEqual(one);
  return harness.sandboxes().find((pid) => !others.includes(pid)) ?? expect.fail();
};

test("a source that computes much gets its answer, and less of the processor than others until it has been light for a while", async () => {
  const light = await sandboxOf(source("return 1"), "light");
  const much = await sandboxOf(computing(200), "much");
  expect(await harness.run({ code: computing(200), sourceId: "much", timeoutMs })).toEqual(one);
  await vi.waitFor(() => expect(harness.processes(much).filter((pid) => !lowered().includes(pid))).toEqual([]));
  expect(harness.processes(light).filter((pid) => lowered().includes(pid))).toEqual([]);
  expect(harness.executor.isAlone("much")).toBe(false);

  // A new version of it starts behind the others; a minute after its last long call it is as good as any.
  const mended = await sandboxOf(source("return 1"), "much");
  await vi.waitFor(() => expect(harness.processes(mended).filter((pid) => !lowered().includes(pid))).toEqual([]));
  clock.nowMs += 61_000;
  const renewed = await sandboxOf(source("return 1"), "much");
  expect(harness.processes(renewed).filter((pid) => lowered().includes(pid))).toEqual([]);
});

test("a call that never ends is told of while it goes on; one that waits is not blamed", async () => {
  const see = vi.spyOn(efforts, "see");
  const ends = new AbortController();
  const endless = { code: source("while True: pass"), sourceId: "endless", timeoutMs: 60_000, signal: ends.signal };
  const run = harness.run(endless);
  await vi.waitFor(() => expect(Math.max(...see.mock.calls.map(([, cpuMs]) => cpuMs))).toBeGreaterThan(100), {
    timeout: 30_000,
  });
  expect(see.mock.calls.filter(([sourceId]) => sourceId !== "endless")).toEqual([]);
  expect(harness.executor.isAlone("endless")).toBe(efforts.isAlone("endless"));
  ends.abort();
  expect(await run).toMatchObject({ problem: { code: "CANCELLED" } });
  const waiting = { code: source("time.sleep(0.3)\nreturn 1", "import time"), sourceId: "waiting", timeoutMs };
  expect(await Promise.all([1, 2, 3].map(() => harness.run(waiting)))).toEqual([one, one, one]);
  expect(efforts.isHeavy("waiting")).toBe(false);
});

test("a source that computes without end while it is loaded is lowered before it has had a call", async () => {
  const others = harness.sandboxes();
  const ends = new AbortController();
  const code = "while True: pass\ndef fetch_data(indicator, context): return 1";
  const loading = harness.run({ code, sourceId: "loading", signal: ends.signal });
  await vi.waitFor(
    () => {
      const [sandbox = expect.fail()] = harness.sandboxes().filter((pid) => !others.includes(pid));
      const inside = harness.processes(sandbox);
      expect(inside).toHaveLength(2);
      expect(inside.filter((pid) => !lowered().includes(pid))).toEqual([]);
    },
    { timeout: 8_000 },
  );
  ends.abort();
  expect(await loading).toMatchObject({ problem: { code: "CANCELLED" } });
});
