import type { ConfigItem } from "@assay/contract";
import { expect, it } from "vitest";
import { rangeWords, valueWords } from "./config-words.ts";

it.each<[ConfigItem["unit"], ConfigItem["value"], string]>([
  ["MiB", 100_000_000, "100,000,000 MiB"],
  [null, 12_000, "12,000"],
  [null, "GREEN", "GREEN"],
  ["ms", 90_000, "1 min 30 s"],
  [null, true, "on"],
  [null, [], "none"],
  [null, ["a.example", "b.example"], "a.example, b.example"],
])("says a value in %s: %j", (unit, value, words) => {
  expect(valueWords({ unit }, value)).toBe(words);
});

it("separates the thousands of what may be given", () => {
  const range = { value: 0, minimum: 1_000, maximum: 100_000_000, unit: "MiB" } as ConfigItem;
  expect(rangeWords(range)).toBe("1,000 to 100,000,000 MiB");
});
