/** One hostile (or merely odd) source and what must come of it, in every runner of its language. */
export interface ConformanceCase {
  /** Of the list of attacks: J01, Y07, …, with a letter where one attack has several forms. */
  readonly id: string;
  readonly name: string;
  readonly language: "JAVASCRIPT" | "PYTHON";
  /**
   * Does its worst when the indicator is `attack`; otherwise answers `{"calm":true}`, so that the harness can see that the next call of
   * the same source succeeds.
   */
  readonly code: string;
  /** Default 1,000. The harness allows 500 ms more. */
  readonly timeoutMs?: number;
  /** All that are right. `ok` and `not_found` are outcomes, the others codes of a failure. */
  readonly expected: readonly string[];
  /** What an `ok` answer must be. */
  readonly result?: unknown;
}
