import { expect, it } from "vitest";
import { bytesWords } from "./bytes.ts";

it.each([
  [0, "0 B"],
  [512, "512 B"],
  [1023, "1023 B"],
  [3480, "3.4 KiB"],
  [1024 ** 2 - 1, "1 MiB"],
  [3.44 * 1024 ** 2, "3.4 MiB"],
  [64 * 1024 ** 2, "64 MiB"],
  [120.4 * 1024 ** 2, "120 MiB"],
  [1.25 * 1024 ** 3, "1.3 GiB"],
  [2000 * 1024 ** 4, "2000 TiB"],
])("says %d bytes in the units of the settings", (bytes, words) => {
  expect(bytesWords(bytes)).toBe(words);
});
