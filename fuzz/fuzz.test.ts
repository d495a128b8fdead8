import { expect, test } from "vitest";
import { runTarget } from "./run-target.ts";
import { targets } from "./targets.ts";

// The same few cases every time; `npm run fuzz` tries new ones.
test.each(targets)("$name: nothing crashes or escapes in a few cases", async (target) => {
  const { finding, cases } = await runTarget(target, 1, Math.ceil(target.share / 200));
  expect(finding).toBeUndefined();
  expect(cases).toBeGreaterThan(0);
});
