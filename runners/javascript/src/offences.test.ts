import { expect, test } from "vitest";
import { createOffences } from "./offences.ts";

test("the first offence is free, further ones double the rest up to a minute, and ten quiet minutes forget them", () => {
  const offences = createOffences();
  const rests: number[] = [];
  let nowMs = 0;
  for (let count = 0; count < 10; count += 1) {
    offences.add("s", nowMs);
    rests.push(offences.restMs("s", nowMs));
    nowMs += offences.restMs("s", nowMs);
  }
  expect(rests).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  expect(offences.restMs("s", nowMs)).toBe(0);
  expect(offences.restMs("other", nowMs)).toBe(0);
  nowMs += 11 * 60_000;
  offences.add("s", nowMs);
  expect(offences.restMs("s", nowMs)).toBe(0);
});
