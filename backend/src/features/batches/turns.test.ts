import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

const never = new AbortController().signal;

test("so many go on at once, the others in line; beyond the line, and after the longest wait, they are sent away", async () => {
  const turn = createTurns({ atOnceMax: 1, waitingMax: 2 });
  const order: number[] = [];
  const leave = await turn(never);
  const next = [1, 2].map(async (one) => {
    const done = await turn(never);
    order.push(one);
    done();
  });
  await expect(turn(never)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(order).toEqual([]);
  leave();
  await Promise.all(next);
  expect(order).toEqual([1, 2]);

  const hasty = createTurns({ atOnceMax: 1, waitingMax: 2, waitMs: 1 });
  const last = await hasty(never);
  await expect(hasty(never)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  last();
  (await hasty(never))();
});

test("who goes away leaves the line, and keeps nobody's turn", async () => {
  const turn = createTurns({ atOnceMax: 1, waitingMax: 1 });
  const leave = await turn(never);
  const gone = new AbortController();
  const left = turn(gone.signal);
  gone.abort(new Error("the caller is gone"));
  await expect(left).rejects.toThrow("the caller is gone");
  const stays = turn(never);
  leave();
  (await stays)();
  (await turn(never))();
});
