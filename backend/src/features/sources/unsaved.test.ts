import type { Client, SourceTestInput } from "@assay/contract";
import { createRunnerClient } from "@assay/proto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { hashCode } from "./source-fields.ts";
import { type ServedBackend, startServedBackend } from "../../testing-served.ts";

let backend: ServedBackend;
let client: Client;
beforeAll(async () => {
  backend = await startServedBackend({ languages: ["javascript", "python"] });
  client = backend.client(await backend.token());
});
afterAll(() => backend.close());

const run = (code: string, changes: Partial<SourceTestInput> = {}) =>
  client.sources.test({ body: { language: "JAVASCRIPT", code, data: "192.0.2.1", ...changes } });

test("unsaved code answers with opinion, settings and logs in both languages, and nothing of it is stored", async () => {
  const config = { limit: { type: "integer", default: 5 }, name: { type: "string", default: "x" } } as const;
  const settings = { config, configValues: { limit: 7 }, data: "hxxps://evil[.]example/a" };
  const expected = {
    outcome: "ok",
    indicator: { kind: "URL", data: "https://evil.example/a" },
    data: { limit: 7, name: "x" },
    verdict: "malicious",
    reasons: [{ code: "SEEN", text: "Seen at https://evil.example/a" }],
    logs: [{ level: "info", text: "looked" }],
  };
  const javascript = `export function fetchData(indicator, context) {
    console.log("looked");
    const reasons = [{ code: "SEEN", text: "Seen at " + indicator.data }];
    return { data: context.config, verdict: "malicious", reasons };
  }`;
  const python = `def fetch_data(indicator, context):
    print("looked")
    reasons = [{"code": "SEEN", "text": "Seen at " + indicator.data}]
    return {"data": dict(context.config), "verdict": "malicious", "reasons": reasons}
`;
  expect(await run(javascript, settings)).toMatchObject(expected);
  expect(await run(python, { ...settings, language: "PYTHON" })).toMatchObject(expected);
  expect((await client.requests.list()).items).toEqual([]);
  expect((await client.sources.list()).items).toEqual([]);
});

test("the limits of every source hold: no host that is not named, no private address, no more time, no bad opinion", async () => {
  const code = "export const fetchData = (indicator, context) => context.http.get('http://127.0.0.1:9/x');";
  for (const hosts of [[], ["127.0.0.1:9"]]) {
    const refused = await run(code, { hosts });
    expect(refused.problems).toMatchObject([{ code: "EGRESS_DENIED" }]);
    expect(refused.http).toMatchObject([{ method: "GET", host: expect.stringContaining("127.0.0.1"), status: 0 }]);
  }
  const endless = await run("export const fetchData = () => { for (;;); };", { timeoutMs: 200 });
  expect(endless).toMatchObject({ outcome: "failed", problems: [{ code: "TIMEOUT" }] });
  const bad = await run("export const fetchData = () => ({ data: 1, verdict: 'evil' });");
  expect(bad.problems).toMatchObject([{ code: "BAD_RESPONSE" }]);
});

test("what is wrong with the code is in the result with its line; what is wrong with the input is refused", async () => {
  const broken = await run("export function fetchData() {\n  return [1;\n}");
  expect(broken).toMatchObject({ outcome: "failed", problems: [{ code: "SOURCE_ERROR", line: 2 }] });
  const thrown = await run("export function fetchData() {\n\n  throw new Error('no luck');\n}");
  expect(thrown.problems).toMatchObject([
    { code: "SOURCE_ERROR", line: 3, message: expect.stringContaining("no luck") },
  ]);
  await expect(run("x", { data: "just words" })).rejects.toMatchObject({ problem: { code: "INVALID_INDICATOR" } });
  await expect(run("x", { configValues: { limit: 1 } })).rejects.toMatchObject({
    problem: { errors: [{ field: "body.configValues.limit" }] },
  });
});

test("runners keep nothing of code that was only checked or tried", async () => {
  const code = "export const fetchData = () => 'a draft';";
  expect((await run(code)).data).toBe("a draft");
  await client.sources.check({ body: { language: "JAVASCRIPT", code } });
  const [javascript] = backend.runners;
  const runner = createRunnerClient(javascript?.address ?? "", javascript?.token ?? "");
  const codeHash = hashCode(code);
  await vi.waitFor(async () => {
    const { missingCodeHashes } = await runner.init({ sources: [{ sourceId: "any", codeHash }] });
    expect(missingCodeHashes).toEqual([codeHash]);
  });
  runner.close();
});

test("a manifest is checked beside the code, in both languages, with field, line and column", async () => {
  const manifest = (language: string) => `name: Draft
description: Never saved.
provider: example
language: ${language}
indicators: [IPV4]
exposure: passive
reliability: C
hosts: [api.example.com]
`;
  const javascript = `export const fetchData = (i, context) => context.http.get("https://api.example.com/" + i.data);`;
  const python = `def fetch_data(indicator, context):
    return context.http.get("https://other.example/")
`;
  const check = (language: "JAVASCRIPT" | "PYTHON", code: string, text: string) =>
    client.sources.check({ body: { language, code, manifest: text } });
  expect(await check("JAVASCRIPT", javascript, manifest("javascript"))).toEqual({
    diagnostics: [],
    manifestDiagnostics: [],
  });
  expect(await check("PYTHON", python, manifest("python"))).toMatchObject({
    diagnostics: [{ severity: "warning", line: 2, column: 38, message: expect.stringContaining("other.example") }],
    manifestDiagnostics: [{ severity: "warning", field: "hosts.0", line: 8, column: 9 }],
  });
  const broken = `${manifest("javascript").replace("[IPV4]", "[IPV9]")}host: []\n`;
  expect(await check("PYTHON", "def fetch_data(:\n", broken)).toMatchObject({
    diagnostics: [{ severity: "error", line: 1 }],
    manifestDiagnostics: [
      { severity: "error", field: "indicators.0", line: 5, column: 14 },
      { severity: "error", field: "host", line: 9, message: 'is not known. Did you mean "hosts"?' },
    ],
  });
  expect((await check("PYTHON", python, manifest("javascript"))).manifestDiagnostics[0]).toMatchObject({
    field: "language",
    line: 4,
  });
});

test("a language that is switched off runs no unsaved code either", async () => {
  await client.config.update({ body: { javascriptEnabled: false } });
  const result = await run("export const fetchData = () => 1;");
  expect(result).toMatchObject({ outcome: "skipped", problems: [{ code: "RUNNER_DISABLED" }] });
  await client.config.update({ body: { javascriptEnabled: true } });
});

test("what the code of a source asks when it is tried counts for that source, and its limits hold", async () => {
  // As long as nobody knows what they ask, two that run at once count as two.
  const code = "export const fetchData = () => new Promise((resolve) => setTimeout(() => resolve({ data: 1 }), 4000));";
  const provider = await client.providers.create({ body: { name: "Limited" } });
  const kept = { name: "Limited", providerId: provider.id, supportedIndicators: ["IPV4"], exposure: "local" } as const;
  const quota = [{ limit: 1, per: "hour" }];
  const { id } = await client.sources.create({
    body: { ...kept, supportedIndicators: ["IPV4"], language: "JAVASCRIPT", code, quota },
  });
  const tried = await Promise.all([run(code, { sourceId: id }), run(code, { sourceId: id }), run(code)]);
  const codes = tried.map(({ problems }) => problems.map((problem) => problem.code));
  expect(codes.toSorted((a, b) => b.length - a.length)).toEqual([["QUOTA_EXHAUSTED"], [], []]);
  expect(codes[2]).toEqual([]);
});
