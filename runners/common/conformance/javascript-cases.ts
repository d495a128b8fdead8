import type { ConformanceCase } from "./conformance-case.ts";

type Row = Omit<ConformanceCase, "language" | "code"> & {
  /** Statements of `async function fetchData(indicator, context)` that run when the indicator is `attack`. */
  readonly attack: string;
  /** Top-level code before it; runs on calm calls too. */
  readonly before?: string;
};

function toCase({ attack, before = "", ...row }: Row): ConformanceCase {
  const code = `${before}
export async function fetchData(indicator, context) {
  if (indicator.data !== "attack") return { calm: true };
  ${attack}
}`;
  return { ...row, language: "JAVASCRIPT", code };
}

const time: Row[] = [
  { id: "J01", name: "endless loop", attack: "for (;;);", expected: ["TIMEOUT"], timeoutMs: 300 },
  {
    id: "J02",
    name: "endless micro-tasks",
    attack: "const f = () => Promise.resolve().then(f); await f();",
    expected: ["TIMEOUT"],
    timeoutMs: 300,
  },
  {
    id: "J03",
    name: "promise that never settles",
    attack: "await new Promise(() => {});",
    expected: ["TIMEOUT"],
    timeoutMs: 300,
  },
  {
    id: "J04",
    name: "endless loop after a request",
    attack: "await fetch('https://denied.example/').catch(() => {}); for (;;);",
    expected: ["TIMEOUT"],
    timeoutMs: 300,
  },
  {
    id: "J11",
    name: "BigInt that no timeout stops",
    attack: "let b = 1n; for (;;) b = (b << 1000000n) | b;",
    expected: ["TIMEOUT", "SANDBOX_LIMIT"],
    timeoutMs: 300,
    killsHost: true,
  },
  {
    id: "J12",
    name: "fill that no timeout stops",
    attack: "const u = new Uint8Array(50e6); for (;;) u.fill(1);",
    expected: ["TIMEOUT"],
    timeoutMs: 300,
    killsHost: true,
  },
  {
    id: "J13",
    name: "regular expression of exponential time",
    attack: "return { found: /^(a+)+$/.test('a'.repeat(40) + '!') };",
    expected: ["ok", "TIMEOUT"],
  },
  {
    id: "J34",
    name: "a million timers",
    attack: "for (let i = 0; i < 1e6; i++) setTimeout(() => {}, 1e6); return {};",
    expected: ["SOURCE_ERROR"],
  },
  {
    id: "J34b",
    name: "interval that is never cleared",
    attack: "setInterval(() => {}, 1); return { ended: true };",
    expected: ["ok"],
    result: { ended: true },
  },
];

const memory: Row[] = [
  {
    id: "J05",
    name: "array bomb",
    attack: "const a = []; for (;;) a.push(new Array(1000).fill({}));",
    expected: ["SANDBOX_LIMIT", "TIMEOUT"],
    timeoutMs: 5000,
  },
  {
    id: "J06",
    name: "Map bomb",
    attack: "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });",
    expected: ["SANDBOX_LIMIT", "TIMEOUT"],
    timeoutMs: 5000,
    killsHost: true,
  },
  {
    id: "J07",
    name: "resizable buffers",
    attack: `
      class Sub extends ArrayBuffer {}
      const makers = [ArrayBuffer, Sub, new Uint8Array(1).buffer.constructor, Reflect.construct(ArrayBuffer, [1]).constructor];
      const options = { maxByteLength: 1 << 26 };
      return { resizable: makers.map((M) => new M(1, options).resizable || Reflect.construct(M, [1, options]).resizable) };`,
    expected: ["ok"],
    result: { resizable: [false, false, false, false] },
  },
  { id: "J08", name: "growable shared memory", attack: "new SharedArrayBuffer(1);", expected: ["SOURCE_ERROR"] },
  { id: "J09", name: "WebAssembly", attack: "new WebAssembly.Memory({ initial: 1 });", expected: ["SOURCE_ERROR"] },
  { id: "J10", name: "Atomics", attack: "Atomics.wait();", expected: ["SOURCE_ERROR"] },
  {
    id: "J14",
    name: "splitting a string of 2^28 characters",
    attack: "return { n: 'x'.repeat(2 ** 28).split('').length };",
    expected: ["SOURCE_ERROR", "SANDBOX_LIMIT", "TIMEOUT"],
    timeoutMs: 3000,
    killsHost: true,
  },
  { id: "J15", name: "stack overflow", attack: "const f = () => f() + 1; f();", expected: ["SOURCE_ERROR"] },
  {
    id: "J15b",
    name: "regular expression 100,000 deep",
    attack: "new RegExp('('.repeat(1e5) + ')'.repeat(1e5));",
    expected: ["SOURCE_ERROR"],
  },
  {
    id: "J15c",
    name: "JSON a million deep",
    attack: "JSON.parse('['.repeat(1e6) + ']'.repeat(1e6)); return {};",
    expected: ["ok", "SOURCE_ERROR", "SANDBOX_LIMIT"],
    timeoutMs: 3000,
  },
  {
    id: "J37",
    name: "callbacks of the garbage collector",
    attack: "return { there: [typeof FinalizationRegistry, typeof WeakRef] };",
    expected: ["ok"],
    result: { there: ["undefined", "undefined"] },
  },
];

const errors: Row[] = [
  {
    id: "J16",
    name: "error with an endless stack getter",
    attack: "throw Object.defineProperty(new Error('x'), 'stack', { get() { for (;;); } });",
    expected: ["SOURCE_ERROR", "TIMEOUT"],
    timeoutMs: 300,
  },
  {
    id: "J17",
    name: "error behind an endless proxy",
    attack: "throw new Proxy(new Error(), { get() { for (;;); } });",
    expected: ["TIMEOUT"],
    timeoutMs: 300,
  },
  {
    id: "J18",
    name: "endless prepareStackTrace",
    attack: "Error.prepareStackTrace = () => { for (;;); }; throw new Error('x');",
    expected: ["SOURCE_ERROR", "TIMEOUT"],
    timeoutMs: 300,
  },
  { id: "J19", name: "a number is thrown", attack: "throw 5;", expected: ["SOURCE_ERROR"] },
  { id: "J19b", name: "null is thrown", attack: "throw null;", expected: ["SOURCE_ERROR"] },
  { id: "J19c", name: "a symbol is thrown", attack: "throw Symbol('x');", expected: ["SOURCE_ERROR"] },
  { id: "J19d", name: "message of 5 MB", attack: "throw new Error('x'.repeat(5e6));", expected: ["SOURCE_ERROR"] },
  {
    id: "J32",
    name: "rejections that nobody handles",
    attack: `
      Promise.reject(new Error("a"));
      Promise.reject(new Proxy(new Error(), { get() { for (;;); } }));
      return { fine: true };`,
    expected: ["ok"],
    result: { fine: true },
  },
  {
    id: "J31",
    name: "request that is not awaited",
    attack: "fetch('https://denied.example/'); context.http.get('https://denied.example/'); return { fine: true };",
    expected: ["ok"],
    result: { fine: true },
  },
  {
    id: "J43",
    name: "error texts of the sandbox, forged",
    attack: "throw Object.assign(new Error('Script execution timed out.'), { code: 'RATE_LIMITED' });",
    expected: ["SOURCE_ERROR"],
  },
];

const results: Row[] = [
  {
    id: "J20",
    name: "result with an endless getter",
    attack: "return { get x() { for (;;); } };",
    expected: ["TIMEOUT"],
    timeoutMs: 300,
  },
  {
    id: "J20b",
    name: "result with an endless toJSON",
    attack: "return { toJSON() { for (;;); } };",
    expected: ["TIMEOUT"],
    timeoutMs: 300,
  },
  {
    id: "J20c",
    name: "result whose getter throws",
    attack: "return { get x() { throw new Error('x'); } };",
    expected: ["BAD_RESPONSE"],
  },
  { id: "J21", name: "cyclic result", attack: "const a = {}; a.a = a; return a;", expected: ["BAD_RESPONSE"] },
  { id: "J21b", name: "BigInt in the result", attack: "return { n: 1n };", expected: ["BAD_RESPONSE"] },
  { id: "J21c", name: "a function as the result", attack: "return () => 1;", expected: ["BAD_RESPONSE"] },
  { id: "J21d", name: "no result", attack: "return undefined;", expected: ["BAD_RESPONSE"] },
  { id: "J21e", name: "null as the result", attack: "return null;", expected: ["BAD_RESPONSE"] },
  {
    id: "J21f",
    name: "values that JSON knows no words for",
    attack: "return { map: new Map([[1, 2]]), date: new Date(0), f() {}, s: Symbol('x') };",
    expected: ["ok"],
    result: { map: {}, date: "1970-01-01T00:00:00.000Z" },
  },
  {
    id: "J22",
    name: "numbers that JSON knows no words for",
    attack: "return { list: [NaN, Infinity, -0, undefined] };",
    expected: ["ok"],
    result: { list: [null, null, 0, null] },
  },
  {
    id: "J23",
    name: "lone surrogates, NUL and line separators",
    attack: "console.log('\\ud800'); return { text: '\\ud800\\u0000\\u2028' };",
    expected: ["ok"],
    result: { text: "\ud800\u0000\u2028" },
  },
  {
    id: "J24",
    name: "result of 20 MB",
    attack: "return { x: 'x'.repeat(2e7) };",
    expected: ["BAD_RESPONSE", "SANDBOX_LIMIT"],
  },
  {
    id: "J24b",
    name: "result that is small in characters and large in bytes",
    attack: "return { x: '€'.repeat(600000) };",
    expected: ["BAD_RESPONSE"],
  },
  {
    id: "J25",
    name: "keys that could pollute",
    attack: `return JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');`,
    expected: ["ok"],
  },
  {
    id: "J26",
    name: "every prototype poisoned",
    attack: `
      const evil = () => { throw new Error("poisoned"); };
      const classes = [Object, Map, WeakMap, Set, String, RegExp, Promise, Function, Array];
      for (let i = 0; i < classes.length; i += 1) {
        const keys = Reflect.ownKeys(classes[i].prototype);
        for (let j = 0; j < keys.length; j += 1) {
          try { if (keys[j] !== "constructor") classes[i].prototype[keys[j]] = evil; } catch {}
        }
      }
      Object.prototype.toJSON = () => ({ forged: true });
      JSON.stringify = evil; JSON.parse = evil; Object.defineProperty = evil;
      return { fine: true };`,
    expected: ["ok"],
    result: { forged: true },
  },
  {
    id: "J42",
    name: "endless thenable",
    attack: "return { then() { for (;;); } };",
    expected: ["TIMEOUT"],
    timeoutMs: 300,
  },
];

const escapes: Row[] = [
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
    expected: ["ok"],
    result: { found: [], looked: true },
    timeoutMs: 3000,
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
    expected: ["ok"],
    result: { leaks: [], paths: [] },
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
    expected: ["SOURCE_ERROR", "TIMEOUT"],
    timeoutMs: 5000,
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
    expected: ["ok"],
    result: { ended: ["refused", "refused", "refused", "refused", "refused"] },
  },
  {
    id: "J33",
    name: "everything that Node has and a sandbox must not",
    attack: `
      let imported = "no";
      try { await import("fs"); imported = "yes"; } catch {}
      return { imported, there: [typeof require, typeof process, typeof module, typeof Buffer, typeof global, typeof setImmediate], evaluated: eval("typeof process") };`,
    expected: ["ok"],
    result: {
      imported: "no",
      there: ["undefined", "undefined", "undefined", "undefined", "undefined", "undefined"],
      evaluated: "undefined",
    },
  },
  {
    id: "J35",
    name: "a flood of log lines and one of 20 MB",
    attack: "console.log('x'.repeat(2e7)); for (let i = 0; i < 1e5; i++) console.log(i); return { fine: true };",
    expected: ["ok"],
    result: { fine: true },
    timeoutMs: 3000,
  },
  {
    id: "J36",
    name: "state left behind for the next call",
    attack: "globalThis.left = 1; Array.prototype.left = 2; count += 1; return { fine: true };",
    before: `
      let count = 0;
      if (globalThis.left !== undefined || [].left !== undefined) throw new Error("state of an earlier call");`,
    expected: ["ok"],
    result: { fine: true },
  },
  {
    id: "J41",
    name: "a thousand requests at once",
    attack: `
      const ends = await Promise.allSettled(Array.from({ length: 1000 }, () => fetch("https://denied.example/")));
      return { succeeded: ends.filter(({ status }) => status === "fulfilled").length };`,
    expected: ["ok"],
    result: { succeeded: 0 },
    timeoutMs: 3000,
  },
];

/** The attacks on a JavaScript runner. */
export const javascriptCases: readonly ConformanceCase[] = [...time, ...memory, ...errors, ...results, ...escapes].map(
  toCase,
);
