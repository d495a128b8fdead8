import { expect, it } from "vitest";
import { ageWords, durationWords } from "./time.ts";

const dayMs = 86_400_000;
const now = Date.parse("2026-06-01T12:00:00Z");

it.each([
  [0, "just now", "now"],
  [59_000, "just now", "now"],
  [60_000, "1 min ago", "1 min"],
  [26 * 3_600_000, "1 d ago", "1 d"],
  [99 * dayMs, "99 d ago", "99 d"],
  [130 * dayMs, "4 mo ago", "4 mo"],
  [800 * dayMs, "2 y ago", "2 y"],
  [-3 * 3_600_000, "in 3 h", "in 3 h"],
])("says an age of %d ms in words", (agoMs, words, short) => {
  expect(ageWords(now - agoMs, now)).toBe(words);
  expect(ageWords(now - agoMs, now, true)).toBe(short);
});

it.each([
  [0.4, "0 ms"],
  [999, "999 ms"],
  [1240, "1.24 s"],
  [12_340, "12.3 s"],
  [60_000, "1 min"],
  [125_000, "2 min 5 s"],
])("says a length of %d ms in words", (durationMs, words) => {
  expect(durationWords(durationMs)).toBe(words);
});
