import type { Row } from "./javascript-row.ts";

/** Throws or returns what a sandbox chokes on. */
export const valueRows: readonly Row[] = [
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
