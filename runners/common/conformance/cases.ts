import type { ConformanceCase } from "./conformance-case.ts";
import { placeCases } from "./egress-places.ts";
import { secretCases } from "./egress-secrets.ts";
import { trafficCases } from "./egress-traffic.ts";
import { javascriptCases } from "./javascript-cases.ts";
import { pythonCases } from "./python-cases.ts";

/** Every attack on a runner, in every language that it applies to. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...javascriptCases,
  ...pythonCases,
  ...placeCases,
  ...trafficCases,
  ...secretCases,
];
