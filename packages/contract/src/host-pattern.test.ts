import { expect, test } from "vitest";
import { HostPattern } from "./host-pattern.ts";

// What a manifest may say is what the runner can hold to: an entry that it would not take must be refused when it is saved.
test.each([
  ["api.example.com", true],
  ["api.example.com:65535", true],
  ["api.example.com:65536", false],
  ["api.example.com:99999", false],
  ["api.example.com:0", false],
  ["*.example.com", true],
  ["*.example.com:8443", false],
  ["*:443", false],
  ["dns:*.example.com", true],
  ["dns:example.com:53", false],
])("the host %s: %s", (text, isValid) => {
  expect(HostPattern.safeParse(text).success).toBe(isValid);
});
