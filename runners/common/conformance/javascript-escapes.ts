import { answering, failing } from "./endings.ts";
import type { Row } from "./javascript-row.ts";

/** Looks for a way out, or into other calls. */
export const escapeRows: readonly Row[] = [
  {
    id: "J27",
    name: "the function constructor of everything in reach",
    attack: `
      const found = [];
      const seen = new Set();
      const look = (value, depth) => {
        if (depth > 6 || (typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return;
        seen.add(value);
        try { const F = value.constructor?.constructor; const reached = F?.("return typeof process + typeof require")(); if (typeof reached === "string" && reached !== "undefinedundefined") found.push(reached); } catch {}
        for (const key of Reflect.ownKeys(value)) {
          let item;
          try { item = value[key]; } catch { continue; }
          if (/^(ivm|Reference|ExternalCopy|Isolate|Callback)$/.test(String(key))) found.push(String(key));
          look(item, depth + 1);
        }
        look(Object.getPrototypeOf(value), depth + 1);
      };
      look(globalThis, 0); look(context, 0); look(indicator, 0);
      try { await context.http.get("https://denied.example/"); } catch (error) { look(error, 0); }
      return { found, looked: seen.size > 500 };`,
    ...answering({ found: [], looked: true }, "nothing of the host is in reach", "only text crosses, never an object"),
  },
  {
    id: "J28",
    name: "callers and stacks of the sandbox's own functions",
    attack: `
      const seen = [];
      Error.prepareStackTrace = (error, sites) => sites.map((site) => [typeof site.getFunction(), typeof site.getThis(), site.getFileName()].join());
      const value = { toJSON() { seen.push(...new Error().stack); return 1; } };
      try { console.log(value); } catch {}
      try { context.log.info(value); } catch {}
      return { leaks: seen.filter((line) => !line.startsWith("undefined,undefined,") && !line.endsWith("source")), paths: seen.filter((line) => line.includes("/")) };`,
    ...answering({ leaks: [], paths: [] }, "nothing of the host is in reach", "strict functions of ours, made inside"),
  },
  {
    id: "J29",
    name: "host functions called with nonsense, a hundred thousand times",
    attack: `
      for (const value of [undefined, null, 5, 5n, Symbol("x"), {}, new Proxy({}, {}), "x".repeat(1e6)]) {
        for (const use of [(v) => new URL(v), (v) => setTimeout(v), (v) => context.http.request(v, v, v), (v) => atob(v), (v) => crypto.getRandomValues(v), (v) => context.dns.resolve(v, v)]) {
          try { await use(value); } catch {}
        }
      }
      for (let i = 0; i < 1e5; i++) new URL("https://a.example/");
      return {};`,
    ...failing(
      /^RangeError: Too many calls of URL|took longer than|No answer within/,
      "refused when its calls are used up",
      "number and size of calls to the host",
    ),
    expected: ["SOURCE_ERROR", "TIMEOUT"],
    timeoutMs: 20_000,
  },
  {
    id: "J30",
    name: "names of Object.prototype as names of types, options and headers",
    attack: `
      const tries = [
        () => context.dns.resolve("denied.example", "constructor"),
        () => context.http.get("https://denied.example/", { redirect: "__proto__" }),
        () => new TextDecoder("constructor"),
        () => crypto.subtle.digest("constructor", "x"),
        () => context.http.get("https://denied.example/", { headers: { ["__proto__"]: "x", constructor: "y" } }),
      ];
      const ended = [];
      for (const attempt of tries) { try { await attempt(); ended.push("ok"); } catch { ended.push("refused"); } }
      return { ended };`,
    ...answering(
      { ended: ["refused", "refused", "refused", "refused", "refused"] },
      "refused",
      "tables without a prototype",
    ),
  },
  {
    id: "J33",
    name: "everything that Node has and a sandbox must not",
    attack: `
      let imported = "no";
      try { await import("fs"); imported = "yes"; } catch {}
      return { imported, there: [typeof require, typeof process, typeof module, typeof Buffer, typeof global, typeof setImmediate], evaluated: [eval("typeof process"), new Function("return typeof process")()] };`,
    ...answering(
      {
        imported: "no",
        there: ["undefined", "undefined", "undefined", "undefined", "undefined", "undefined"],
        evaluated: ["undefined", "undefined"],
      },
      "there is none of it; eval stays inside",
      "an isolate is not Node",
    ),
  },
];
