import type { SecretValue } from "@assay/proto";
import type { Upstream } from "./upstream.ts";

export type Language = "JAVASCRIPT" | "PYTHON";

/** One hostile (or merely odd) source and what must come of it, in every runner of its languages. */
export interface ConformanceCase {
  /** Of the list of attacks: J01, Y07, …, with a letter where one attack has several forms. */
  readonly id: string;
  /** What the code tries, in a few words. */
  readonly name: string;
  /**
   * The source, in each language that the case is for. It does its worst when the indicator is `attack`; otherwise it answers
   * `{"calm":true}`, so that the harness can see that the next call of the same source succeeds.
   */
  readonly code: Readonly<Partial<Record<Language, string>>>;
  /** Milliseconds that one call may take. */
  readonly timeoutMs: number;
  /** All that are right. `ok` and `not_found` are outcomes, `INVALID_ARGUMENT` is a refusal to take the code, others are codes of a failure. */
  readonly expected: readonly string[];
  /** What an `ok` answer must be. */
  readonly result?: unknown;
  /** Fields of the result that may be anything. */
  readonly ignored?: readonly string[];
  /** What the message of a failure must say. */
  readonly message?: RegExp;
  /** The limit that a `SANDBOX_LIMIT` must name. */
  readonly limit?: "cpu" | "memory" | "output" | "wall";
  /** What a line of the log must say. */
  readonly log?: RegExp;
  /** What happens to it, in plain words, for docs/security.md. */
  readonly happens: string;
  /** Which limit or wall does that, in plain words, for docs/security.md. */
  readonly heldBy: string;
  /** Calls at the same time, each of which must come to what is expected. Default 1. */
  readonly atOnce?: number;
  /** No two of the answers may be the same. */
  readonly isDistinct?: true;
  /** No call of this code succeeds. Afterwards the harness saves calm code under the same id, and calls that. */
  readonly isBroken?: true;
  /** It costs the runner a process each time. The harness does it twice, sees that the source has to rest, and waits until it is over. */
  readonly isPunished?: true;
  /** What comes of it behind Landlock instead, where that cannot be the same. */
  readonly behindLandlock?: Partial<Pick<ConformanceCase, "expected" | "result" | "limit" | "ignored">> & {
    readonly because: string;
  };
  /** What the case needs beside its code; called before its first call. */
  readonly setUp?: (upstream: Upstream) => CaseSetUp;
}

export interface CaseSetUp {
  /** Hosts that the source may reach. Default: none. */
  readonly hosts?: readonly string[];
  /** Default: none. Their values must be in no answer. */
  readonly secrets?: readonly SecretValue[];
  /** Default: {}. */
  readonly config?: unknown;
  /** Called when the attack has its answer, before the next call; resolves with what was not as it must be, as an upstream saw it. */
  readonly finish?: () => Promise<string[]>;
}
