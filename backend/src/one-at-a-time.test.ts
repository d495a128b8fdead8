import { setImmediate } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { oneAtATime } from "./one-at-a-time.ts";

/** A reading of `truth` that takes until it is let go, and what was read last. */
function store() {
  let truth = 0;
  let read = 0;
  const gates: { open(): void; fail(): void }[] = [];
  const runs = oneAtATime(async () => {
    const seen = truth;
    const gate = Promise.withResolvers<void>();
    gates.push({ open: gate.resolve, fail: () => gate.reject(new Error("away")) });
    await gate.promise;
    read = seen;
  });
  const begun = (count: number) => vi.waitFor(() => expect(gates).toHaveLength(count));
  return { ...runs, gates, begun, change: () => void truth++, read: () => read };
}

test("who asks while one is under way gets one that began afterwards, and shares it", async () => {
  const { run, gates, begun, change, read } = store();
  change();
  const first = run();
  await begun(1);
  change();
  const [second, third] = [run(), run()];
  change();
  await setImmediate();
  expect(gates).toHaveLength(1);
  gates[0]?.open();
  await first;
  expect(read()).toBe(1);
  await begun(2);
  gates[1]?.open();
  await Promise.all([second, third]);
  expect([read(), gates.length]).toEqual([3, 2]);
});

test("one that fails tells those who waited for it, and the next is tried", async () => {
  const { run, gates, begun, change, read } = store();
  const failing = run();
  await begun(1);
  change();
  const next = run();
  gates[0]?.fail();
  await expect(failing).rejects.toThrow("away");
  await begun(2);
  gates[1]?.open();
  await next;
  expect(read()).toBe(1);
});

test("it is idle when the last has ended, failed or not, and those that came up meanwhile", async () => {
  const { run, idle, gates, begun } = store();
  await idle();
  const failing = run().catch(() => undefined);
  await begun(1);
  let isIdle = false;
  const over = idle().then(() => (isIdle = true));
  void run();
  gates[0]?.fail();
  await failing;
  await begun(2);
  expect(isIdle).toBe(false);
  gates[1]?.open();
  await over;
});
