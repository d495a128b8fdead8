import type { ConformanceCase } from "./conformance-case.ts";
import { secretCases } from "./egress-secrets.ts";
import { javascriptCases } from "./javascript-cases.ts";
import { pythonCases } from "./python-cases.ts";

/** Every attack on a runner, in every language that it applies to. */
export const conformanceCases: readonly ConformanceCase[] = [...javascriptCases, ...pythonCases, ...secretCases];
