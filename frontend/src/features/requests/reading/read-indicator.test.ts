import { expect, it } from "vitest";
import { canonicalText, readIndicator } from "./read-indicator.ts";

it("detects the kind of what is typed and undoes defanging", () => {
  expect(readIndicator("8[.]8[.]8[.]8", null)).toMatchObject({
    state: "read",
    kind: "IPV4",
    data: "8.8.8.8",
    refanged: true,
  });
  expect(readIndicator("hxxps://Evil[.]example/a?b=C", null)).toMatchObject({
    kind: "URL",
    data: "https://evil.example/a?b=C",
    refanged: true,
  });
});

it("lets a person overrule the kind, and says what is wrong when the text is not of it", () => {
  const hash = "44d88612fea8a8f36de82e1278abb02f";
  expect(readIndicator(hash, null)).toMatchObject({ kind: "MD5" });
  expect(readIndicator(hash, "IMPHASH")).toMatchObject({ state: "read", kind: "IMPHASH", data: hash });
  const wrong = readIndicator("example.com", "IPV4");
  expect(wrong).toMatchObject({ state: "unread", fitting: ["DOMAIN", "URL"] });
  expect(wrong.state === "unread" && wrong.reason).toContain("Not a valid IPv4 address");
});

it("offers every kind that a text could be, the likeliest first", () => {
  const reading = readIndicator("44d88612fea8a8f36de82e1278abb02f", "JA3");
  expect(reading.state === "read" && reading.fitting).toEqual(["MD5", "JA3", "IMPHASH"]);
});

it("says what to do about text that is no indicator, or several", () => {
  expect(readIndicator("   ", null)).toEqual({ state: "empty" });
  expect(readIndicator("hello world", null)).toMatchObject({ reason: expect.stringContaining("No indicator") });
  expect(readIndicator("8.8.8.8 1.1.1.1", null)).toMatchObject({
    reason: expect.stringContaining("more than one indicator"),
    within: 2,
  });
});

it("searches for the form in which lookups are stored", () => {
  expect(canonicalText("EXAMPLE[.]com", undefined)).toBe("example.com");
  expect(canonicalText(" no indicator ", undefined)).toBe("no indicator");
});
