import { expect, test } from "vitest";
import { dueWords } from "./retention-words.ts";

test("says what is about to be deleted, and that a count stopped", () => {
  const none = { ok: 0, not_found: 0, failed: 0, skipped: 0 };
  expect(dueWords({ lookups: 0, batches: 0, answers: none, bytes: 0 })).toEqual([]);
  const due = dueWords({
    lookups: 1,
    batches: 3,
    answers: { ...none, failed: 100_000, skipped: 2 },
    bytes: 2 * 1024 ** 2,
  });
  expect(due).toEqual([
    "1 lookup",
    "3 batches",
    `${(100_000).toLocaleString()} or more failures`,
    "2 skipped rows",
    "the oldest lookups and batches, 2 MiB of them",
  ]);
});
