import { answering, refusedResult, stopped } from "./endings.ts";
import type { Row } from "./javascript-row.ts";

const asJson = (result: unknown) => answering(result, "becomes what JSON has for it", "the documented mapping");
const tooLarge = { ...refusedResult(/bytes|characters|memory/, "length of results, 1 MiB"), timeoutMs: 20_000 };

/** Returns what a sandbox chokes on. */
export const resultRows: readonly Row[] = [
  { id: "J20", name: "result with an endless getter", attack: "return { get x() { for (;;); } };", ...stopped },
  { id: "J20b", name: "result with an endless toJSON", attack: "return { toJSON() { for (;;); } };", ...stopped },
  {
    id: "J20c",
    name: "result whose getter throws",
    attack: "return { get x() { throw new Error('x'); } };",
    ...refusedResult(/Error|x/),
  },
  {
    id: "J20d",
    name: "result behind an endless proxy",
    attack: "return { x: new Proxy({}, { get() { for (;;); }, ownKeys() { for (;;); } }) };",
    ...stopped,
  },
  { id: "J21", name: "cyclic result", attack: "const a = {}; a.a = a; return a;", ...refusedResult(/circular/) },
  { id: "J21b", name: "BigInt in the result", attack: "return { n: 1n };", ...refusedResult(/BigInt/) },
  { id: "J21c", name: "a function as the result", attack: "return () => 1;", ...refusedResult(/returned a function/) },
  { id: "J21d", name: "no result", attack: "return undefined;", ...refusedResult(/returned nothing/) },
  { id: "J21e", name: "null as the result", attack: "return null;", ...refusedResult(/returned nothing/) },
  { id: "J21f", name: "a symbol as the result", attack: "return Symbol('x');", ...refusedResult(/returned a symbol/) },
  {
    id: "J21g",
    name: "values that JSON knows no words for",
    attack: "return { map: new Map([[1, 2]]), date: new Date(0), never: new Date(NaN), f() {}, s: Symbol('x') };",
    ...asJson({ map: {}, date: "1970-01-01T00:00:00.000Z", never: null }),
  },
  {
    id: "J22",
    name: "numbers that JSON knows no words for",
    attack: "return { list: [NaN, Infinity, -0, undefined] };",
    ...asJson({ list: [null, null, 0, null] }),
  },
  {
    id: "J23",
    name: "halves of characters (lone surrogates), NUL and line separators",
    attack: "console.log('\\ud800'); return { text: '\\ud800\\u0000\\u2028', '\\udc00': '\\ud83d\\ude00' };",
    ...asJson({ text: "\ufffd\u0000\u2028", "\ufffd": "😀" }),
    happens: "each half becomes U+FFFD, in the result and in the log; the others stay",
    heldBy: "the documented mapping; checked again outside",
    log: /^\ufffd$/,
  },
  {
    id: "J24",
    name: "result of 100 MB",
    attack: "return { x: 'x'.repeat(1e8) };",
    ...tooLarge,
    expected: ["BAD_RESPONSE", "SANDBOX_LIMIT"],
  },
  {
    id: "J24b",
    name: "result that is small in characters and large in bytes",
    attack: "return { x: '€'.repeat(600000) };",
    ...tooLarge,
  },
  {
    id: "J24c",
    name: "array of ten million elements",
    attack: "return { x: new Array(1e7).fill(1) };",
    ...tooLarge,
    expected: ["BAD_RESPONSE", "SANDBOX_LIMIT"],
  },
  {
    id: "J24d",
    name: "result 10,000 deep",
    attack: "let a = []; for (let i = 0; i < 1e4; i++) a = [a]; return a;",
    ...refusedResult(/deep|stack/),
  },
  {
    id: "J24e",
    name: "result 500 deep",
    attack: "let a = []; for (let i = 0; i < 500; i++) a = [a]; return a;",
    ...refusedResult(/deep/, "depth of results, 200"),
  },
  {
    id: "J25",
    name: "keys that could pollute",
    attack: `return JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');`,
    ...answering(
      JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
      "are data like any other",
      "only text crosses, never an object",
    ),
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
    ...answering({ forged: true }, "only its own result is touched", "built-ins taken before its code runs"),
  },
  {
    id: "J26b",
    name: "then on every object",
    attack: `
      Object.prototype.then = function (done) { delete Object.prototype.then; done({ forged: true }); };
      return { fine: true };`,
    ...answering({ forged: true }, "only its own result is touched", "built-ins taken before its code runs"),
  },
  { id: "J42", name: "endless thenable", attack: "return { then() { for (;;); } };", ...stopped },
  { id: "J42b", name: "thenable behind an endless getter", attack: "return { get then() { for (;;); } };", ...stopped },
];
