import { expect, test } from "vitest";
import { createSlots, type Release } from "./slots.ts";

const never = new AbortController().signal;

test("background runs leave a quarter of the slots to those that somebody waits for, of a source too", () => {
  const slots = createSlots(8, () => 4);
  const background = Array.from({ length: 12 }, (_, i) => slots.tryAcquire(`s${i % 3}`, true));
  expect(background.filter((release) => release !== undefined)).toHaveLength(6);
  const one = createSlots(8, () => 4);
  expect([1, 2, 3, 4].map(() => one.tryAcquire("s", true) !== undefined)).toEqual([true, true, true, false]);
  expect([one.tryAcquire("s") !== undefined, one.tryAcquire("s") !== undefined]).toEqual([true, false]);
  // Where there is but one slot, background work gets it.
  expect(createSlots(1, () => 1).tryAcquire("s", true)).toBeDefined();
});

test("of those that wait, the foreground goes first, and every eighth free slot is background work's", async () => {
  const slots = createSlots(1, () => 1);
  const order: string[] = [];
  let release: Release | undefined = slots.tryAcquire("held");
  const wait = async (name: string, source: string, background: boolean): Promise<void> => {
    release = await slots.acquire(source, never, background);
    order.push(name);
  };
  for (let i = 0; i < 3; i++) void wait("background", `b${i}`, true);
  for (let i = 0; i < 20; i++) void wait("foreground", `f${i % 4}`, false);
  while (release !== undefined) {
    const free: Release = release;
    release = undefined;
    free();
    await Promise.resolve();
    await Promise.resolve();
  }
  const at = order.flatMap((name, index) => (name === "background" ? [index] : []));
  expect([order.length, at]).toEqual([23, [7, 15, 22]]);
});

test("a background run that gives up leaves nothing behind", async () => {
  const slots = createSlots(1, () => 1);
  const release = slots.tryAcquire("s");
  const leaving = new AbortController();
  const gone = slots.acquire("s", leaving.signal, true);
  leaving.abort();
  expect(await gone).toBeUndefined();
  release?.();
  expect(slots.tryAcquire("s", true)).toBeDefined();
});
