import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { detectFence, sandboxLimits, type Fence } from "@assay/runner-common";
import type { Answer } from "@assay/proto";
import { openConformanceRunner, sourceOf, type ConformanceRunner } from "../../common/conformance/harness.ts";
import { createJavascriptExecutor } from "./executor.ts";

let fence: Fence;
let runner: ConformanceRunner;
let upstream: Server;

/** Answers with what it was asked; the path may name a status. */
function openUpstream(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const body = Buffer.concat((await request.toArray()) as Buffer[]).toString("utf8");
    const { method, url = "", headers } = request;
    const status = Number(/^\/status\/(\d+)/.exec(url)?.[1] ?? 200);
    if (status === 429) response.setHeader("retry-after", "7");
    response.writeHead(status, { "content-type": "application/json", "x-twice": ["a", "b"] });
    if (url === "/bytes") return response.end(Buffer.from([0xff, 0xfe, 0]));
    if (url === "/text") return response.end("plain");
    response.end(
      JSON.stringify({ method, url, type: headers["content-type"] ?? null, key: headers["x-key"] ?? null, body }),
    );
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

beforeAll(async () => {
  upstream = await openUpstream();
  const { port } = upstream.address() as AddressInfo;
  fence = await detectFence({ sandbox: "on" });
  runner = await openConformanceRunner(await createJavascriptExecutor({ fence, processes: 1 }), {
    allowPrivate: ["api.test"],
    staticHosts: { "api.test": `127.0.0.1:${port}` },
  });
});

afterAll(async () => {
  await runner.close();
  fence.close();
  upstream.close();
});

async function run(code: string, config: object = {}): Promise<Answer> {
  const source = { ...sourceOf(`sdk ${code.length}`, code), hosts: ["api.test"], configJson: JSON.stringify(config) };
  const answer = (await runner.ask([source], "8.8.8.8", 5_000)).get(source.sourceId);
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

/** What the body of fetchData returns. */
async function valueOf(body: string, config: object = {}): Promise<unknown> {
  const answer = await run(`export async function fetchData(indicator, context) {\n${body}\n}`, config);
  if (answer.outcome !== "ok") throw new Error(`${answer.problem?.code}: ${answer.problem?.message}`);
  return JSON.parse(answer.resultJson);
}

const problemOf = async (body: string) =>
  (await run(`export async function fetchData(indicator, context) {\n${body}\n}`)).problem;

test("the limits that the sandbox holds by itself are the runner's", async () => {
  const { bootLimits } = await import(new URL("../sandbox/limits.js", import.meta.url).href);
  const { codeBytesMax, ...held } = sandboxLimits;
  expect(bootLimits).toMatchObject(held);
  expect(codeBytesMax).toBeLessThan(bootLimits.messageBytesMax);
});

describe("what a source is given", () => {
  test("the indicator, its configuration, a deadline", async () => {
    const value = await valueOf(
      "return { indicator, config: context.config, ahead: context.deadline > Date.now(), aborted: context.signal.aborted };",
      { days: 3 },
    );
    expect(value).toEqual({
      indicator: { data: "8.8.8.8", kind: "DOMAIN" },
      config: { days: 3 },
      ahead: true,
      aborted: false,
    });
  });

  test("the older shape is known by its parameters", async () => {
    const answer = await run("export async function fetchData(data, kind) { return { data, kind }; }");
    expect(JSON.parse(answer.resultJson)).toEqual({ data: "8.8.8.8", kind: "DOMAIN" });
  });

  test("its log lines come back in order, with level and time", async () => {
    const answer = await run(
      `export async function fetchData(indicator, { log }) {
        console.log("a", { b: 1 }, [2]); log.warn("c"); console.error(new Error("d").message); log.debug("e");
        return context.notFound?.() ?? {};
      }
      const context = { notFound: () => ({}) };`,
    );
    expect(answer.logs.map(({ level, text }) => `${level} ${text}`)).toEqual([
      'info a {"b":1} [2]',
      "warn c",
      "error d",
      "debug e",
    ]);
  });

  test("timers and a signal that fires before the end", async () => {
    expect(
      await valueOf(`
        const order = [];
        setTimeout(() => order.push("b"), 20);
        setTimeout((text) => order.push(text), 5, "a");
        const stopped = setTimeout(() => order.push("never"), 10);
        clearTimeout(stopped);
        queueMicrotask(() => order.push("first"));
        let ticks = 0;
        await new Promise((resolve) => { const id = setInterval(() => { ticks += 1; if (ticks === 3) { clearInterval(id); resolve(); } }, 10); });
        await new Promise((resolve) => setTimeout(resolve, 30));
        return { order, ticks };`),
    ).toEqual({ order: ["first", "a", "b"], ticks: 3 });
  });
});

describe("requests", () => {
  test("context.http sends query, headers, JSON and forms, and gives the whole response", async () => {
    expect(
      await valueOf(`
        const { http } = context;
        const got = await http.get("http://api.test/a?x=1", { query: { q: "a b&c", list: [1, 2], none: undefined }, headers: { "X-Key": "k" } });
        const posted = await http.post("http://api.test/json", { json: { a: "ü" } });
        const form = await http.request("put", "http://api.test/form", { form: { a: "1 2", b: ["x", "y"] } });
        const missing = await http.get("http://api.test/status/404");
        const bytes = await http.get("http://api.test/bytes");
        return {
          got: [got.status, got.ok, got.headers["x-twice"], got.json()],
          posted: posted.json(),
          form: form.json(),
          missing: [missing.status, missing.ok],
          bytes: [...bytes.bytes()],
        };`),
    ).toEqual({
      got: [
        200,
        true,
        "a, b",
        { method: "GET", url: "/a?x=1&q=a+b%26c&list=1&list=2", type: null, key: "k", body: "" },
      ],
      posted: { method: "POST", url: "/json", type: "application/json", key: null, body: '{"a":"ü"}' },
      form: {
        method: "PUT",
        url: "/form",
        type: "application/x-www-form-urlencoded",
        key: null,
        body: "a=1+2&b=x&b=y",
      },
      missing: [404, false],
      bytes: [255, 254, 0],
    });
  });

  test("fetch does what sources know of it", async () => {
    expect(
      await valueOf(`
        const response = await fetch(new URL("/f?y=2", "http://api.test"), {
          method: "post", headers: new Headers([["X-Key", "k"]]), body: new URLSearchParams({ a: "b c" }),
        });
        const copy = response.clone();
        const plain = await (await fetch("http://api.test/text")).text();
        const bytes = new Uint8Array(await (await fetch("http://api.test/bytes")).arrayBuffer());
        const aborted = await fetch("http://api.test/", { signal: AbortSignal.abort() }).catch((error) => error.name);
        const refused = await fetch("http://other.test/").catch((error) => error.code);
        return { ok: response.ok, twice: copy.headers.get("X-Twice"), json: await response.json(), used: response.bodyUsed,
          again: (await copy.text()).length > 10, plain, bytes: [...bytes], aborted, refused };`),
    ).toEqual({
      ok: true,
      twice: "a, b",
      json: {
        method: "POST",
        url: "/f?y=2",
        type: "application/x-www-form-urlencoded;charset=UTF-8",
        key: "k",
        body: "a=b+c",
      },
      used: true,
      again: true,
      plain: "plain",
      bytes: [255, 254, 0],
      aborted: "AbortError",
      refused: "EGRESS_DENIED",
    });
  });

  test("each call is recorded beside the answer", async () => {
    const answer = await run(
      `export async function fetchData(indicator, context) { await context.http.get("http://api.test/seen?q=1"); return {}; }`,
    );
    expect(answer.http).toMatchObject([{ method: "GET", host: "api.test", path: "/seen?q=1", status: 200, error: "" }]);
    expect(answer.timing?.upstreamMs).toBeGreaterThan(0);
    expect(answer.timing?.upstreamMs).toBeLessThanOrEqual(answer.timing?.sandboxMs ?? 0);
  });
});

describe("how a source says why it has no answer", () => {
  test("context.notFound, rateLimited and unauthorized, returned or thrown", async () => {
    const answer = await run("export async function fetchData(i, context) { return context.notFound(); }");
    expect(answer.outcome).toBe("not_found");
    expect(await problemOf("return context.rateLimited(1500);")).toMatchObject({
      code: "RATE_LIMITED",
      retryAfterMs: 1500,
    });
    expect(await problemOf("throw context.rateLimited();")).toMatchObject({ code: "RATE_LIMITED", retryAfterMs: 0 });
    expect(await problemOf("throw context.unauthorized('bad key');")).toMatchObject({
      code: "UNAUTHORIZED",
      message: "bad key",
    });
  });

  test("context.badResponse, returned or thrown; no text and no property stands for it", async () => {
    const problem = { code: "BAD_RESPONSE", message: "no list of ports" };
    expect(await problemOf(`return context.badResponse("no list of ports");`)).toMatchObject(problem);
    expect(await problemOf(`throw context.badResponse("no list of ports");`)).toMatchObject(problem);
    expect(await problemOf("throw context.badResponse();")).toMatchObject({
      code: "BAD_RESPONSE",
      message: expect.stringContaining("shape"),
    });
    const forged = `const error = new Error("x"); error.name = "SourceProblem"; error.code = "BAD_RESPONSE";`;
    expect(await problemOf(`${forged} throw error;`)).toMatchObject({ code: "SOURCE_ERROR" });
    const text = '{"code":"BAD_RESPONSE","message":"no"}';
    expect(await problemOf(`throw ${JSON.stringify(text)};`)).toMatchObject({ code: "SOURCE_ERROR", message: text });
    expect(await valueOf(`return ${text};`)).toEqual(JSON.parse(text));
  });

  test.each([
    [401, { code: "UNAUTHORIZED" }],
    [403, { code: "FORBIDDEN" }],
    [429, { code: "RATE_LIMITED", retryAfterMs: 7000 }],
    [509, { code: "RATE_LIMITED" }],
    [503, { code: "UPSTREAM_ERROR", status: 503 }],
  ])("an upstream's %i that nobody caught", async (status, problem) => {
    expect(await problemOf(`await context.http.get("http://api.test/status/${status}"); return {};`)).toMatchObject(
      problem,
    );
    expect(
      await valueOf(
        `return { s: (await context.http.get("http://api.test/status/${status}", { throwOnStatus: false })).status };`,
      ),
    ).toEqual({ s: status });
  });

  test("a refused host, an answer that is not JSON, an error of its own with its place", async () => {
    expect(await problemOf(`await context.http.get("https://other.test/");`)).toMatchObject({
      code: "EGRESS_DENIED",
      host: "other.test",
    });
    expect(await problemOf(`(await context.http.get("http://api.test/text")).json();`)).toMatchObject({
      code: "BAD_RESPONSE",
    });
    expect(await problemOf(`const x = 1;\n  throw new TypeError("no luck");`)).toMatchObject({
      ...{ code: "SOURCE_ERROR", message: "TypeError: no luck", line: 3, column: 9 },
    });
  });
});

describe("the standard library of a source", () => {
  test("URL and URLSearchParams", async () => {
    expect(
      await valueOf(`
        const url = new URL("../b?q=1#h", "https://user@BÜCHER.example:443/x/y/");
        url.searchParams.append("z", "ä &"); url.pathname = "/new path";
        const params = new URLSearchParams("?a=1&a=2&b=%zz+c"); params.set("a", 3); params.delete("b");
        return { href: url.href, parts: [url.host, url.username, url.search, url.hash], all: [...new URLSearchParams([["k", "v"]])],
          text: params.toString(), can: [URL.canParse("nope"), URL.canParse("a:b")], odd: new URLSearchParams("b=%zz+c").get("b") };`),
    ).toEqual({
      href: "https://user@xn--bcher-kva.example/new%20path?q=1&z=%C3%A4+%26#h",
      parts: ["xn--bcher-kva.example", "user", "?q=1&z=%C3%A4+%26", "#h"],
      all: [["k", "v"]],
      text: "a=3",
      can: [false, true],
      odd: "%zz c",
    });
  });

  test("text, bytes, clones, digests", async () => {
    expect(
      await valueOf(`
        const text = "aé€😀";
        const bytes = new TextEncoder().encode(text);
        const hex = (buffer) => [...new Uint8Array(buffer)].map((b) => b.toString(16).padStart(2, "0")).join("");
        const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
        const source = { date: new Date(0), map: new Map([["k", { deep: [1] }]]), bytes: new Uint8Array([1, 2]) };
        source.self = source;
        const copy = structuredClone(source);
        const random = crypto.getRandomValues(new Uint8Array(8));
        return {
          back: new TextDecoder().decode(bytes), length: bytes.length, lossy: new TextDecoder().decode(new Uint8Array([65, 255, 0xe2, 0x82, 66])),
          base64: [btoa("\\u00ffabc"), atob("/2FiYw==")], digest: hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode("abc"))).slice(0, 16),
          hmac: hex(await crypto.subtle.sign("HMAC", key, bytes)).length, uuid: /^[0-9a-f-]{36}$/.test(crypto.randomUUID()),
          clone: [copy.self === copy, copy.date.getTime(), copy.map.get("k") !== source.map.get("k"), copy.bytes[1]],
          refused: (() => { try { structuredClone(() => 1); } catch (error) { return error.name; } })(), random: random.length,
        };`),
    ).toEqual({
      back: "aé€😀",
      length: 10,
      lossy: "A\ufffd\ufffdB",
      base64: ["/2FiYw==", "\u00ffabc"],
      digest: "ba7816bf8f01cfea",
      hmac: 64,
      uuid: true,
      clone: [true, 0, true, 2],
      refused: "DataCloneError",
      random: 8,
    });
  });
});

describe("code that cannot run", () => {
  async function diagnosticsOf(code: string) {
    return (await runner.client.update(sourceOf(`check ${code.length}`, code))).diagnostics;
  }

  test("the compiler's words, with the author's line and column", async () => {
    expect(await diagnosticsOf("export async function fetchData() {\n  let x = ;\n}")).toMatchObject([
      { severity: "error", message: "SyntaxError: Unexpected token ';'", line: 2, column: 11 },
    ]);
    expect(await diagnosticsOf("\nimport fs from 'node:fs';\nexport function fetchData() {}")).toMatchObject([
      { line: 2, column: 16 },
    ]);
    expect(await diagnosticsOf("export function fetch() {}")).toMatchObject([
      { severity: "error", message: /fetchData is not exported/ },
    ]);
    expect(await diagnosticsOf("export const fetchData = 5;")).toEqual([]);
    expect(await problemOf("return await import('node:fs');")).toMatchObject({ code: "SOURCE_ERROR" });
  });

  test("code that tries to end the sandbox's own text around it", async () => {
    for (const code of [
      "*/ }}}} export {};",
      "`${",
      "#!/bin/sh\n\ufeffexport function fetchData() { return { a: 1 }; }}",
    ]) {
      expect(await diagnosticsOf(code)).toMatchObject([{ severity: "error" }]);
    }
    expect((await run("\ufeffexport function fetchData() { return { bom: 1 }; }")).resultJson).toBe('{"bom":1}');
    expect((await run("#!/usr/bin/env node\nexport function fetchData() { return { bang: 1 }; }")).resultJson).toBe(
      '{"bang":1}',
    );
  });

  test("code that is hard on a compiler", async () => {
    const deep = `export const fetchData = () => ${"(".repeat(1e5)}1${")".repeat(1e5)};`;
    expect(await diagnosticsOf(deep)).toMatchObject([{ severity: "error" }]);
    const functions = Array.from({ length: 25_000 }, (_, index) => `function f${index}() { return ${index}; }`);
    const long = `${functions.join("\n")}\nexport function fetchData() { return { last: f24999() }; }`;
    expect(await diagnosticsOf(long)).toEqual([]);
    expect((await run(long)).resultJson).toBe('{"last":24999}');
  });

  test("what is wrong with TypeScript is told by its own parser, at its own place", async () => {
    const typed = "export function fetchData(i: any) {\n  const x: number = ;\n}";
    expect(await diagnosticsOf(typed)).toMatchObject([{ message: "Expression expected", line: 2 }]);
    const unsupported = "enum A { B }\nexport function fetchData() {}";
    expect(await diagnosticsOf(unsupported)).toMatchObject([{ message: expect.stringContaining("enum"), line: 1 }]);
    const plain = "export function fetchData() {\n  return {;\n}";
    expect(await diagnosticsOf(plain)).toMatchObject([{ message: expect.stringContaining("SyntaxError"), line: 2 }]);
  });

  test("TypeScript runs; an error has the author's place", async () => {
    const code = `interface Found { readonly data: string }
export async function fetchData(indicator: { data: string }, context: unknown): Promise<Found> {
  if (indicator.data === "") throw new Error("never");
  const found: Found = { data: indicator.data };
  return found satisfies Found;
}`;
    expect(await diagnosticsOf(code)).toEqual([]);
    expect((await run(code)).resultJson).toBe('{"data":"8.8.8.8"}');
    const thrown = await run(
      `export function fetchData(data: string, kind: string): never {\n  throw new Error(data as string);\n}`,
    );
    expect(thrown.problem).toMatchObject({ code: "SOURCE_ERROR", message: "8.8.8.8", line: 2, column: 9 });
  });

  test("a top level that throws, waits, or rejects", async () => {
    const end = "export function fetchData() { return { ran: true }; }";
    expect((await run(`\nthrow new RangeError("top");\n${end}`)).problem).toMatchObject({
      message: "RangeError: top",
      line: 2,
    });
    expect((await run(`const { data } = await Promise.resolve({ data: 1 });\n${end}`)).outcome).toBe("ok");
    expect((await run(`Promise.reject(new Error("nobody"));\n${end}`)).outcome).toBe("ok");
    expect((await run(`await new Promise((resolve) => setTimeout(resolve, 20));\n${end}`)).outcome).toBe("ok");
  });
});
