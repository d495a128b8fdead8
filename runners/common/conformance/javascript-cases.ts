import type { ConformanceCase } from "./conformance-case.ts";
import { escapeRows } from "./javascript-escapes.ts";
import { limitRows } from "./javascript-limits.ts";
import { toCase } from "./javascript-row.ts";
import { valueRows } from "./javascript-values.ts";

/** The attacks on a JavaScript runner. */
export const javascriptCases: readonly ConformanceCase[] = [...limitRows, ...valueRows, ...escapeRows].map(toCase);
