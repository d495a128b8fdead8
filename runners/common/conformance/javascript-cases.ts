import type { ConformanceCase } from "./conformance-case.ts";
import { codeCases } from "./javascript-code.ts";
import { escapeRows } from "./javascript-escapes.ts";
import { memoryRows } from "./javascript-memory.ts";
import { resultRows } from "./javascript-results.ts";
import { toCase } from "./javascript-row.ts";
import { thrownRows } from "./javascript-thrown.ts";
import { timeRows } from "./javascript-time.ts";
import { traceRows } from "./javascript-traces.ts";

const rows = [...timeRows, ...memoryRows, ...thrownRows, ...resultRows, ...escapeRows, ...traceRows];

/** The attacks on a JavaScript runner. */
export const javascriptCases: readonly ConformanceCase[] = [...rows.map(toCase), ...codeCases];
