import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Facts, IndicatorKind, SourceResult } from "@assay/contract";
import { detectFence } from "@assay/runner-common";
import { createJavascriptExecutor } from "@assay/runner-javascript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// Guarantee: what the types promise an author is what the sandboxes give, no more and no less.
const read = (name: string): string => readFileSync(join(import.meta.dirname, name), "utf8");
const declared = read("assay.d.ts");
const globals = read("globals.d.ts");

/** The names of an interface's members, sorted. */
function membersOf(name: string): string[] {
  const body = new RegExp(`^interface ${name}\\b[^{]*\\{\\n(.*?)^\\}`, "ms").exec(declared)?.[1] ?? "";
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[?(<:]/gm)].map((match) => match[1] ?? "").toSorted();
}

let closeAll: () => Promise<void>;
let run: (body: string) => Promise<unknown>;

beforeAll(async () => {
  const fence = await detectFence({ sandbox: "on" });
  const executor = await createJavascriptExecutor({ fence, processes: 1 });
  const reply = { ok: true, status: 200, statusText: "", url: "", redirected: false, headers: [], bodyText: "" };
  run = async (body) => {
    const code = `export async function fetchData(indicator, context) { ${body} }`;
    const outcome = await executor.run({
      unit: { sourceId: "types", codeHash: String(body.length).padStart(64, "0"), code },
      inputJson: JSON.stringify({
        indicator: { kind: "IPV4", data: "8.8.8.8" },
        config: {},
        deadlineMs: Date.now() + 9000,
      }),
      timeoutMs: 9000,
      signal: new AbortController().signal,
      onEgress: (json) =>
        Promise.resolve(JSON.stringify(json.includes('"dns"') ? { ok: true, rcode: "NODATA", records: [] } : reply)),
      onLog: () => {},
    });
    if (outcome.kind !== "returned") throw new Error(JSON.stringify(outcome));
    return JSON.parse(outcome.json) as unknown;
  };
  closeAll = async () => {
    await executor.close();
    fence.close();
  };
});

afterAll(() => closeAll());

describe("assay.d.ts", () => {
  test("has every member of the context, and none that is not there", async () => {
    const objects = (await run(`
      const response = await context.http.get("https://a.example/");
      const objects = { Indicator: indicator, Context: context, Log: context.log, Http: context.http, HttpResponse: response,
        Dns: context.dns, DnsAnswer: await context.dns.resolve("a.example"), NotFound: context.notFound() };
      return Object.fromEntries(Object.entries(objects).map(([name, object]) => [name, Object.keys(object).sort()]));`)) as object;
    for (const [name, members] of Object.entries(objects)) expect(membersOf(name), name).toEqual(members);
  });

  test("names the kinds, the facts and the parts of an answer as the contract does", () => {
    const kinds = /type IndicatorKind =([^;]*);/.exec(declared)?.[1] ?? "";
    expect([...kinds.matchAll(/"(\w+)"/g)].map((match) => match[1])).toEqual(IndicatorKind.options);
    expect(membersOf("Facts")).toEqual(Object.keys(Facts.shape).toSorted());
    expect(membersOf("Result")).toEqual(Object.keys(SourceResult.shape).toSorted());
  });
});

test("globals.d.ts names what is there, with all its members", async () => {
  const names = [...globals.matchAll(/^declare (?:const|function|class) (\w+)/gm)].map((match) => match[1] ?? "");
  const classes = [...globals.matchAll(/^declare class (\w+)[^{]*\{\n(.*?)^\}/gms)].map(([, name = "", body = ""]) => ({
    name,
    methods: [...body.matchAll(/^ {2}(\w+)\(/gm)].map((match) => match[1]).filter((method) => method !== "constructor"),
    statics: [...body.matchAll(/^ {2}static (\w+)\(/gm)].map((match) => match[1]),
  }));
  expect(names.length).toBeGreaterThan(20);
  const missing = await run(`
    const missing = ${JSON.stringify(names)}.filter((name) => name !== "Body" && globalThis[name] === undefined);
    for (const { name, methods, statics } of ${JSON.stringify(classes)}) {
      const owner = name === "Body" ? Response : globalThis[name];
      missing.push(...methods.filter((method) => typeof owner.prototype[method] !== "function").map((method) => name + "#" + method));
      missing.push(...statics.filter((method) => typeof owner[method] !== "function").map((method) => name + "." + method));
    }
    return missing;`);
  expect(missing).toEqual([]);
});

test("assay.pyi has the classes of the Python sandbox, with every member and parameter", () => {
  const sandbox = join(import.meta.dirname, "../../runners/python/sandbox");
  const compared = execFileSync("/usr/bin/python3", [
    "-I",
    "-B",
    join(import.meta.dirname, "compare_stub.py"),
    sandbox,
  ]);
  expect(JSON.parse(compared.toString("utf8"))).toEqual({ differences: [], kinds: IndicatorKind.options });
});
