import { describe, expect, it } from "vitest";
import { ownPath } from "./own-path.ts";

describe("where signing in leads", () => {
  it.each([
    ["/lookups/abc?source=dns#x", "/lookups/abc?source=dns#x"],
    ["/settings/tokens", "/settings/tokens"],
  ])("goes to the own path %s", (next, path) => {
    expect(ownPath(next)).toBe(path);
  });

  it.each([
    undefined,
    "",
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example",
    "/..//evil.example/",
    "/./\\evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "lookups",
    "/sign-in",
    "/sign-in?next=/sign-in",
  ])("stays here for %j", (next) => {
    expect(ownPath(next)).toBe("/");
  });
});
