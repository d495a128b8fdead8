import { expect, test } from "vitest";
import { dueWords, mebibytesWords } from "./retention-words.ts";

test.each([
  [0, "0.0 MiB"],
  [3.44 * 1024 ** 2, "3.4 MiB"],
  [120.4 * 1024 ** 2, "120 MiB"],
  [1.25 * 1024 ** 3, "1.3 GiB"],
])("says %d bytes in the unit of the settings", (bytes, words) => {
  expect(mebibytesWords(bytes)).toBe(words);
});

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
    "the oldest lookups and batches, 2.0 MiB of them",
  ]);
});
