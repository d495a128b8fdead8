import { answering, failing, outOfMemory } from "./endings.ts";
import type { Row } from "./javascript-row.ts";

const bomb = {
  ...outOfMemory,
  expected: ["SANDBOX_LIMIT", "TIMEOUT"],
  timeoutMs: 4_000,
  happens: "ends when the memory of its isolate is used up; who shared its process runs again in another",
  heldBy: "memory of the isolate, then address space of the process",
};
const absent = (name: RegExp) => failing(name, "there is no such thing", "removed from the language");
const tooDeep = failing(/RangeError|SyntaxError/, "fails with the author's own error", "stack of the isolate");

/** Takes memory without end. */
export const memoryRows: readonly Row[] = [
  { id: "J05", name: "array bomb", attack: "const a = []; for (;;) a.push(new Array(1000).fill({}));", ...bomb },
  {
    id: "J05b",
    name: "object bomb",
    attack: "let o = {}; for (let i = 0; ; i++) o = { o, text: 'x'.repeat(1000) + i };",
    ...bomb,
  },
  { id: "J06", name: "Map bomb", attack: "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });", ...bomb },
  {
    id: "J06b",
    name: "object with keys without end",
    attack: "const o = {}; for (let i = 0; ; i++) o['k'.repeat(100) + i] = i;",
    ...bomb,
  },
  {
    id: "J07",
    name: "constructors of resizable buffers",
    attack: `
      class Sub extends ArrayBuffer {}
      const makers = [ArrayBuffer, Sub, new Uint8Array(1).buffer.constructor, Reflect.construct(ArrayBuffer, [1]).constructor];
      const options = { maxByteLength: 1 << 26 };
      return { resizable: makers.map((M) => new M(1, options).resizable || Reflect.construct(M, [1, options]).resizable) };`,
    ...answering({ resizable: [false, false, false, false] }, "none of them can grow", "a constructor of ours"),
  },
  {
    id: "J07b",
    name: "64 buffers resized to 64 MB each",
    attack: `
      const all = [];
      for (let i = 0; i < 64; i++) { all[i] = new ArrayBuffer(1, { maxByteLength: 1 << 26 }); all[i].resize(1 << 26); }
      return {};`,
    ...failing(/^TypeError/, "cannot be resized", "a constructor of ours"),
  },
  { id: "J08", name: "growable shared memory", attack: "new SharedArrayBuffer(1);", ...absent(/SharedArrayBuffer/) },
  { id: "J09", name: "WebAssembly", attack: "new WebAssembly.Memory({ initial: 1 });", ...absent(/WebAssembly/) },
  {
    id: "J14",
    name: "a string of 2^28 characters, split",
    attack: "return { n: 'x'.repeat(2 ** 28).split('').length };",
    ...bomb,
    happens: "V8 ends its process; who shared it runs again in another",
  },
  {
    id: "J14b",
    name: "an array of 2^26 texts, joined",
    attack: "return { n: new Array(2 ** 26).fill('xxxxxxxxxxxxxxxx').join('').length };",
    ...bomb,
    expected: ["SOURCE_ERROR", "SANDBOX_LIMIT", "TIMEOUT"],
  },
  { id: "J15", name: "stack overflow", attack: "const f = () => f() + 1; f();", ...tooDeep },
  {
    id: "J15b",
    name: "regular expression 100,000 deep",
    attack: "new RegExp('('.repeat(1e5) + ')'.repeat(1e5));",
    ...tooDeep,
  },
  {
    id: "J15c",
    name: "JSON a million deep",
    attack: "JSON.parse('['.repeat(1e6) + ']'.repeat(1e6)); return {};",
    ...bomb,
    expected: ["ok", "SOURCE_ERROR", "SANDBOX_LIMIT", "TIMEOUT"],
    happens: "read, or ended by its memory or at its deadline",
  },
  {
    id: "J41",
    name: "crashes V8",
    attack: "return { n: 'x'.repeat(2 ** 28).split('').length };",
    ...bomb,
    expected: ["SANDBOX_LIMIT"],
    timeoutMs: 20_000,
    message: /crashed its sandbox/,
    isPunished: true,
    happens:
      "its process is lost and replaced; who shared it runs again elsewhere; after the second time the source rests, longer each time",
    heldBy: "process of its own, repetition of the innocent, rest of the guilty",
  },
];
