import type { AnswerProblem } from "@assay/contract";

type Code = AnswerProblem["code"];

/** In a few words, for the strip. */
const shortWords: Readonly<Record<Code, string>> = {
  UNSUPPORTED_INDICATOR: "does not take this kind",
  DISABLED_INDICATOR: "this kind is turned off for it",
  SOURCE_DISABLED: "turned off",
  PROVIDER_DISABLED: "its provider is turned off",
  RUNNER_DISABLED: "its language is turned off",
  WITHIN_IGNORE_LIST: "on an ignore list",
  MISSING_SECRET: "its key is missing",
  MISSING_SOURCE_CODE: "it has no code",
  TLP: "TLP too high for it",
  PAP: "PAP does not permit it",
  STRIPPED: "what it may see is not enough",
  BUDGET: "the budget is spent",
  DEADLINE: "the deadline came first",
  CANCELLED: "cancelled",
  TIMEOUT: "took too long",
  RATE_LIMITED: "rate limit of the provider",
  QUOTA_EXHAUSTED: "quota is spent",
  UNAUTHORIZED: "provider refused the key",
  FORBIDDEN: "provider forbids it",
  UPSTREAM_ERROR: "provider answered with an error",
  BAD_RESPONSE: "answer does not fit the rules",
  EGRESS_DENIED: "call was not allowed",
  SANDBOX_LIMIT: "hit a limit of its sandbox",
  SOURCE_ERROR: "error in its code",
  RUNNER_UNAVAILABLE: "no runner available",
  INTERNAL: "error inside Assay",
};

/** What to do about it. */
const advice: Readonly<Record<Code, string>> = {
  UNSUPPORTED_INDICATOR: "Nothing to do: other sources take this kind.",
  DISABLED_INDICATOR: "Turn the kind on for the source if it should be asked.",
  SOURCE_DISABLED: "Turn the source on at its page if it should be asked.",
  PROVIDER_DISABLED: "Turn the provider on if its sources should be asked.",
  RUNNER_DISABLED: "An administrator can turn the language on in the server’s settings.",
  WITHIN_IGNORE_LIST: "Nothing to do, unless the list is wrong: change it, or tie it to fewer sources.",
  MISSING_SECRET: "Store the missing key for the source.",
  MISSING_SOURCE_CODE: "Give the source its code.",
  TLP: "Lower the TLP of the lookup only if the indicator may really be shared with this source.",
  PAP: "Lower the PAP of the lookup only if this action is really permitted.",
  STRIPPED: "Change what is taken out for the source only if it may really see more of such indicators.",
  BUDGET: "Look it up again when there is budget, or choose fewer sources.",
  DEADLINE: "Look it up again with a longer deadline.",
  CANCELLED: "Look it up again when you need the answer.",
  TIMEOUT: "Look it up again; if it stays, the provider is slow or cannot be reached from here.",
  RATE_LIMITED: "Wait, then look it up again.",
  QUOTA_EXHAUSTED: "Wait until the quota resets, or use another key.",
  UNAUTHORIZED: "Check the key of the source.",
  FORBIDDEN: "Check what the key and its plan permit.",
  UPSTREAM_ERROR: "Look it up again later; the fault is the provider’s.",
  BAD_RESPONSE: "Correct the source’s code; its answer is described below.",
  EGRESS_DENIED: "If the host is right, add it to the source’s allowed hosts, or check that the server has internet.",
  SANDBOX_LIMIT: "Make the source’s code do less, or ask about something smaller.",
  SOURCE_ERROR: "Correct the source’s code at the line named.",
  RUNNER_UNAVAILABLE: "Look it up again; if it stays, see the state of the runners.",
  INTERNAL: "Look it up again; if it stays, give the trace id to whoever runs Assay.",
};

export function problemShort(problem: AnswerProblem): string {
  return isUnreached(problem) ? "provider could not be reached" : shortWords[problem.code];
}

/** What a code means, in a few words. */
export function problemWords(code: Code): string {
  return shortWords[code];
}

/** The call failed before the provider could say anything. */
function isUnreached({ code, status }: AnswerProblem): boolean {
  return code === "UPSTREAM_ERROR" && status === undefined;
}

/** "3 of a kind, 1 turned off": why several sources were not asked. */
export function problemsTally(problems: readonly AnswerProblem[]): string {
  const counts = Map.groupBy(problems, (problem) => shortWords[problem.code]);
  return [...counts].map(([words, same]) => `${same.length} ${words}`).join(", ");
}

export function problemAdvice(problem: AnswerProblem): string {
  return isUnreached(problem)
    ? "Look it up again; if it stays, check that the server has internet and that the provider is up."
    : advice[problem.code];
}

/** The details that a code brings along: where in the code, which host, how long to wait. */
export function problemDetail(problem: AnswerProblem): string {
  const parts = [
    problem.line !== undefined &&
      `line ${problem.line}${problem.column === undefined ? "" : `, column ${problem.column}`}`,
    problem.host !== undefined && `host ${problem.host}`,
    problem.status !== undefined && `status ${problem.status}`,
    problem.limit !== undefined && `limit: ${problem.limit}`,
    problem.retryAfterMs !== undefined && `again in ${Math.ceil(problem.retryAfterMs / 1000)} s`,
  ];
  return parts.filter((part) => part !== false).join(" · ");
}
