import type { Row } from "./javascript-row.ts";

/** Takes time or memory without end. */
export const limitRows: readonly Row[] = [
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
  },
  {
    id: "J12",
    name: "fill that no timeout stops",
    attack: "const u = new Uint8Array(50e6); for (;;) u.fill(1);",
    expected: ["TIMEOUT"],
    timeoutMs: 300,
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
