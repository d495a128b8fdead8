import type { ConformanceCase } from "./conformance-case.ts";

/** How a case ends, with the words for it: what several cases share. */
export type Ending = Pick<
  ConformanceCase,
  "expected" | "timeoutMs" | "happens" | "heldBy" | "result" | "message" | "limit"
>;

/** For what ends by itself: far more than it takes, also on a busy machine. */
const endingMs = 10_000;

/** It runs into its deadline. */
export const stopped: Ending = {
  expected: ["TIMEOUT"],
  timeoutMs: 300,
  happens: "stopped at its deadline",
  heldBy: "deadline",
};

/** Nothing inside the sandbox can stop it, so its process is killed after its deadline. */
export const killed: Ending = {
  expected: ["TIMEOUT"],
  timeoutMs: 300,
  happens: "its process is killed after its deadline",
  heldBy: "deadline, then SIGKILL by the supervisor",
};

/** It runs into the limit on memory. */
export const outOfMemory: Ending = {
  expected: ["SANDBOX_LIMIT"],
  limit: "memory",
  timeoutMs: 20_000,
  happens: "ends when its memory is used up",
  heldBy: "address space",
};

/** It is its author's own fault, in these words. */
export function failing(message: RegExp, happens: string, heldBy: string): Ending {
  return { expected: ["SOURCE_ERROR"], message, timeoutMs: endingMs, happens, heldBy };
}

/** What it returned cannot be a result. */
export function refusedResult(message: RegExp, heldBy = "check of results"): Ending {
  return { expected: ["BAD_RESPONSE"], message, timeoutMs: endingMs, happens: "refused as a result", heldBy };
}

/** It comes to its end with this result. */
export function answering(result: unknown, happens: string, heldBy: string): Ending {
  return { expected: ["ok"], result, timeoutMs: endingMs, happens, heldBy };
}
