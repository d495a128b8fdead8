import type { ConformanceCase } from "./conformance-case.ts";
import { toCase } from "./python-code.ts";
import { crashRows } from "./python-crashes.ts";
import { deceitRows } from "./python-deceit.ts";
import { escapeRows } from "./python-escapes.ts";
import { exhaustionRows } from "./python-exhaustion.ts";
import { kernelRows } from "./python-kernel.ts";
import { loadingRows } from "./python-loading.ts";
import { resultRows } from "./python-results.ts";
import { traceRows } from "./python-traces.ts";

/** The attacks on a Python runner. */
export const pythonCases: readonly ConformanceCase[] = [
  ...exhaustionRows,
  ...escapeRows,
  ...kernelRows,
  ...crashRows,
  ...deceitRows,
  ...loadingRows,
  ...traceRows,
  ...resultRows,
].map(toCase);
