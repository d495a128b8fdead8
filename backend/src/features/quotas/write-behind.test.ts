import { expect, test, vi } from "vitest";
import { createWriteBehind } from "./write-behind.ts";

test("what could not be written is tried again, the latest value of each, and told once; one that never can does not keep others out", async () => {
  vi.useFakeTimers();
  const written: string[] = [];
  const failures: unknown[] = [];
  let isAway = true;
  const behind = createWriteBehind<number>({
    write: async (subject, value) => {
      if (isAway || subject === "never") throw new Error("away");
      written.push(`${subject} ${value}`);
    },
    delayMs: 500,
    onFailure: (err) => failures.push(err),
  });
  behind.set("never", 1);
  behind.set("first", 1);
  behind.set("second", 1);
  await vi.advanceTimersByTimeAsync(60_000);
  behind.set("first", 2);
  behind.drop("second");
  expect([written, failures.length, behind.pending.size]).toEqual([[], 1, 2]);
  isAway = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect([written, failures.length, [...behind.pending]]).toEqual([["first 2"], 1, [["never", 1]]]);
  behind.drop("never");
  await vi.advanceTimersByTimeAsync(10_000);
  isAway = true;
  behind.set("third", 3);
  await behind.flush();
  expect(failures).toHaveLength(2);
  isAway = false;
  await behind.close();
  expect([written.at(-1), behind.pending.size, vi.getTimerCount()]).toEqual(["third 3", 0, 0]);
  vi.useRealTimers();
});

test("a value that is set while the one before is written is written too", async () => {
  const written: number[] = [];
  const [started, gate] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const behind = createWriteBehind<number>({
    write: async (_, value) => {
      started.resolve(undefined);
      await gate.promise;
      written.push(value);
    },
    delayMs: 0,
    onFailure: () => expect.unreachable(),
  });
  behind.set("one", 1);
  const first = behind.flush();
  await started.promise;
  behind.set("one", 2);
  gate.resolve(undefined);
  await first;
  await behind.close();
  expect(written).toEqual([1, 2]);
});
