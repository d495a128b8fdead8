import { EditorState } from "@codemirror/state";
import { CompletionContext } from "@codemirror/autocomplete";
import { readManifestText } from "@assay/contract/manifest-text";
import { expect, test } from "vitest";
import { completeContext } from "./complete-context.ts";
import { membersOf } from "./context-members.ts";
import { refusedProblems } from "./draft.ts";
import { templateOf } from "./source-templates.ts";

const known = readManifestText(
  templateOf({ name: "A", provider: "us", language: "python", indicators: ["IPV4"] }).manifest,
).manifest;

async function offered(language: "JAVASCRIPT" | "PYTHON", code: string) {
  const state = EditorState.create({ doc: code });
  const context = new CompletionContext(state, code.length, false);
  const result = await completeContext(language, () => known)(context);
  return result?.options.map(({ label }) => label) ?? [];
}

// Guarantee: the editor offers what authors are really given: the names come from the types that they are given, in both languages.
test("the members of the context are read from the types", () => {
  const names = (language: "JAVASCRIPT" | "PYTHON", type: string) =>
    membersOf[language].get(type)?.map(({ name }) => name);
  const both = ["config", "secrets", "deadline", "log", "http", "dns", "unauthorized"];
  expect(names("JAVASCRIPT", "Context")?.toSorted()).toEqual(
    [...both, "signal", "notFound", "rateLimited", "badResponse"].toSorted(),
  );
  expect(names("PYTHON", "Context")?.toSorted()).toEqual(
    [...both, "not_found", "rate_limited", "bad_response"].toSorted(),
  );
  for (const language of ["JAVASCRIPT", "PYTHON"] as const) {
    expect(names(language, "Http")).toEqual(["get", "post", "request"]);
    expect(names(language, "Dns")).toEqual(["resolve"]);
    expect(names(language, "Indicator")).toEqual(["data", "kind"]);
    expect(names(language, "Log")).toEqual(expect.arrayContaining(["debug", "info", "warn", "error"]));
  }
  const notFound = membersOf.JAVASCRIPT.get("Context")?.find(({ name }) => name === "notFound");
  expect(notFound).toMatchObject({ isMethod: true, info: expect.stringContaining("no record") });
  expect(membersOf.PYTHON.get("Context")?.find(({ name }) => name === "not_found")?.info).toContain("no record");
});

test("after a point come its members, and of settings those of the manifest", async () => {
  expect(await offered("JAVASCRIPT", "const a = context.ht")).toContain("http");
  expect(await offered("JAVASCRIPT", "context.http.")).toEqual(["get", "post", "request"]);
  expect(await offered("JAVASCRIPT", "context.config.")).toEqual(["suspiciousReports"]);
  expect(await offered("PYTHON", 'context.config["')).toEqual(["suspiciousReports"]);
  expect(await offered("PYTHON", "context.")).toContain("not_found");
  expect(await offered("JAVASCRIPT", "other.thing.")).toEqual([]);
});

// Guarantee: nobody begins with something that is wrong, and a template says the same when it comes back from the server.
test.each(["javascript", "typescript", "python"] as const)("the template for %s has a valid manifest", (language) => {
  const { manifest } = templateOf({ name: "Mine: #1", provider: "us", language, indicators: ["IPV4", "DOMAIN"] });
  expect(readManifestText(manifest)).toMatchObject({
    diagnostics: [],
    manifest: { name: "Mine: #1", provider: "us", language, indicators: ["IPV4", "DOMAIN"] },
  });
});

test("what the server refuses is told at its place in the manifest or the code", () => {
  const text = "name: A\nindicators:\n  - IPV4\n  - IPV9\ntimeout: 0s\n";
  const errors = [
    { field: "body.supportedIndicators[1]", message: "is wrong" },
    { field: "body.timeoutMs", message: "is too short" },
    { field: "body.code", message: "does not compile", line: 2, column: 3 },
    { field: "body.versionId", message: "is not the newest" },
  ];
  const problems = refusedProblems(errors, readManifestText(text));
  expect(problems.map(({ file, field, line, column }) => [file, field, line, column])).toEqual([
    ["manifest", "indicators.1", 4, 5],
    ["manifest", "timeout", 5, 1],
    ["code", null, 2, 3],
  ]);
});
