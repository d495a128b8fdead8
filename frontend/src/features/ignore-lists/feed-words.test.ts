import { expect, test } from "vitest";
import { everyWords } from "./feed-words.ts";

test.each([
  [60, "hour"],
  [360, "6 hours"],
  [1_440, "day"],
  [10_080, "7 days"],
  [90, "90 minutes"],
])("every %d minutes is every %s", (minutes, words) => {
  expect(everyWords(minutes)).toBe(words);
});
