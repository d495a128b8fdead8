import { answering } from "./endings.ts";
import type { Row } from "./javascript-row.ts";

/** Floods what it may use, and leaves something behind for other calls. */
export const traceRows: readonly Row[] = [
  {
    id: "J29b",
    name: "a thousand requests at once",
    attack: `
      const ends = await Promise.allSettled(Array.from({ length: 1000 }, () => fetch("https://denied.example/")));
      return { succeeded: ends.filter(({ status }) => status === "fulfilled").length };`,
    ...answering({ succeeded: 0 }, "refused after a hundred", "number and size of requests"),
  },
  {
    id: "J35",
    name: "a flood of log lines",
    attack: "for (let i = 0; i < 1e6; i++) console.log(i); return { fine: true };",
    ...answering({ fine: true }, "cut, and the log says so", "200 lines"),
    log: /^More than 200 lines: the rest is left out\.$/,
    timeoutMs: 10_000,
  },
  {
    id: "J35b",
    name: "a log line of 20 MB",
    attack: "console.log('x'.repeat(2e7)); return { fine: true };",
    ...answering({ fine: true }, "cut, and the line says so", "2,000 characters per line"),
    log: /^x{1999}…$/,
  },
  {
    id: "J36",
    name: "state left behind for the next call, and for other sources",
    before: `
      let count = 0;
      if (globalThis.left !== undefined || [].left !== undefined) throw new Error("state of an earlier call");`,
    attack: "globalThis.left = 1; Array.prototype.left = 2; Object.prototype.left = 3; count += 1; return { count };",
    ...answering({ count: 1 }, "gone with its call", "fresh context per call, an isolate per source"),
    atOnce: 4,
  },
];
