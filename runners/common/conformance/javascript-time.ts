import { answering, failing, killed, stopped } from "./endings.ts";
import type { Row } from "./javascript-row.ts";

/** Takes time without end. */
export const timeRows: readonly Row[] = [
  { id: "J01", name: "endless loop", attack: "for (;;);", ...stopped },
  {
    id: "J02",
    name: "endless micro-tasks",
    attack: "const f = () => Promise.resolve().then(f); await f();",
    ...stopped,
  },
  { id: "J03", name: "promise that never settles", attack: "await new Promise(() => {});", ...stopped },
  {
    id: "J04",
    name: "endless loop after a request was refused",
    attack: "await fetch('https://denied.example/').catch(() => {}); for (;;);",
    ...stopped,
  },
  {
    id: "J04b",
    name: "endless loop after a request was answered",
    attack: "if ((await context.http.get('http://upstream.test/')).json().fine !== true) throw 1; for (;;);",
    ...stopped,
    timeoutMs: 1000,
    setUp: ({ host }) => ({ hosts: [host] }),
  },
  {
    id: "J10",
    name: "waits for another thread",
    attack: "Atomics.wait();",
    ...failing(/Atomics/, "there is no such thing", "removed from the language"),
  },
  {
    id: "J11",
    name: "BigInt shifted for ever",
    attack: "let b = 1n; for (;;) b = (b << 1000000n) | b;",
    ...killed,
    expected: ["TIMEOUT", "SANDBOX_LIMIT"],
  },
  {
    id: "J11b",
    name: "BigInt of 30 million bits as text",
    attack: "return { n: ((1n << 30000000n) - 1n).toString().length };",
    ...killed,
  },
  {
    id: "J12",
    name: "memory filled for ever by one call",
    attack: "const u = new Uint8Array(50e6); for (;;) u.fill(1);",
    ...killed,
  },
  {
    id: "J13",
    name: "regular expression of exponential time",
    attack: "return { found: /^(a+)+$/.test('a'.repeat(40) + '!') };",
    ...answering({ found: false }, "answers at once", "regular expressions of linear time"),
  },
  {
    id: "J13b",
    name: "regular expression of exponential time with a back reference",
    attack: "return { found: /^(a+)+\\1$/.test('a'.repeat(40) + '!') };",
    ...stopped,
  },
  {
    id: "J34",
    name: "a million timers",
    attack: "for (let i = 0; i < 1e6; i++) setTimeout(() => {}, 1e6); return {};",
    ...failing(/Too many timers/, "refused after a thousand", "number of timers"),
  },
  {
    id: "J34b",
    name: "interval that is never cleared",
    attack: "setInterval(() => {}, 1); return { ended: true };",
    ...answering({ ended: true }, "ends with its call", "fresh context per call"),
  },
  {
    id: "J37",
    name: "callbacks of the garbage collector",
    attack: "return { there: [typeof FinalizationRegistry, typeof WeakRef] };",
    ...answering({ there: ["undefined", "undefined"] }, "there is no such thing", "removed from the language"),
  },
  {
    id: "J38",
    name: "64 endless loops of one source at once",
    attack: "for (;;);",
    ...stopped,
    atOnce: 64,
    // On a busy machine one may have to be killed, and after the second one the source rests.
    expected: ["TIMEOUT", "SANDBOX_LIMIT"],
    happens: "four at a time, each stopped at its deadline; others go on answering",
    heldBy: "slots per source, deadline, rest of the guilty",
  },
  {
    id: "J40",
    name: "measures time finely",
    attack: `
      const times = new Set();
      for (let i = 0; i < 1e5; i++) times.add(Date.now());
      return { whole: [...times].every(Number.isInteger), clocks: [typeof performance, typeof SharedArrayBuffer, typeof Worker, typeof process] };`,
    ...answering(
      { whole: true, clocks: ["undefined", "undefined", "undefined", "undefined"] },
      "the only clock tells whole milliseconds",
      "removed from the language; no threads or shared memory to count with",
    ),
  },
];
