import { answering, failing, stopped } from "./endings.ts";
import type { Row } from "./javascript-row.ts";

const described = (message: RegExp) =>
  failing(message, "described, cut to 2,000 characters", "description made inside, under the deadline");
const nothingHappens = answering({ fine: true }, "the call's own result counts", "what is late is dropped");

/** Throws what a sandbox chokes on. */
export const thrownRows: readonly Row[] = [
  {
    id: "J16",
    name: "error with an endless stack getter",
    attack: "throw Object.defineProperty(new Error('x'), 'stack', { get() { for (;;); } });",
    ...stopped,
  },
  {
    id: "J16b",
    name: "error with an endless message getter",
    attack: "throw Object.defineProperty(new Error('x'), 'message', { get() { for (;;); } });",
    ...stopped,
  },
  {
    id: "J17",
    name: "error behind an endless proxy",
    attack: "throw new Proxy(new Error(), { get() { for (;;); } });",
    ...stopped,
  },
  {
    id: "J18",
    name: "endless prepareStackTrace",
    attack: "Error.prepareStackTrace = () => { for (;;); }; throw new Error('x');",
    ...stopped,
  },
  { id: "J19", name: "a number is thrown", attack: "throw 5;", ...described(/^5$/) },
  { id: "J19b", name: "null is thrown", attack: "throw null;", ...described(/^null$/) },
  { id: "J19c", name: "undefined is thrown", attack: "throw undefined;", ...described(/^undefined$/) },
  { id: "J19d", name: "a symbol is thrown", attack: "throw Symbol('x');", ...described(/^Symbol\(x\)$/) },
  {
    id: "J19e",
    name: "a frozen object is thrown",
    attack: "throw Object.freeze({ message: 'cold' });",
    ...described(/^cold$/),
  },
  { id: "J19f", name: "message of 5 MB", attack: "throw new Error('x'.repeat(5e6));", ...described(/^x{1000}/) },
  {
    id: "J31",
    name: "request that is not awaited",
    attack: "fetch('https://denied.example/'); context.http.get('https://denied.example/'); return { fine: true };",
    ...nothingHappens,
  },
  {
    id: "J31b",
    name: "upstream that answers when the call is over",
    attack:
      "fetch('http://upstream.test/late'); fetch('http://upstream.test/late').then(() => { for (;;); }); for (;;);",
    ...stopped,
    timeoutMs: 1000,
    heldBy: "deadline; what is late is dropped",
    setUp: ({ host, release }) => ({
      hosts: [host],
      async finish() {
        await release();
        return [];
      },
    }),
  },
  {
    id: "J32",
    name: "rejections that nobody handles",
    attack: `
      Promise.reject(new Error("a"));
      Promise.reject(new Proxy(new Error(), { get() { for (;;); } }));
      return { fine: true };`,
    ...nothingHappens,
    heldBy: "a harmless rejection of ours is reported first",
  },
  {
    id: "J43",
    name: "error texts of the sandbox, forged",
    attack: "throw Object.assign(new Error('Script execution timed out.'), { code: 'RATE_LIMITED' });",
    ...failing(/timed out/, "is its own error", "outcomes are never read from texts"),
  },
  {
    id: "J43b",
    name: "error text of the limit on memory, forged",
    attack: "throw new RangeError('Isolate was disposed during execution due to memory limit');",
    ...failing(/^RangeError: Isolate/, "is its own error", "outcomes are never read from texts"),
  },
];
