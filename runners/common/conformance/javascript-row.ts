import type { ConformanceCase } from "./conformance-case.ts";

/** A case whose code is given by its hostile statements alone. */
export type Row = Omit<ConformanceCase, "code"> & {
  /** Statements of `async function fetchData(indicator, context)` that run when the indicator is `attack`. */
  readonly attack: string;
  /** Top-level code before it; runs on calm calls too. */
  readonly before?: string;
};

/** The whole source around the statements. */
export function toCase({ attack, before = "", ...row }: Row): ConformanceCase {
  const code = `${before}
export async function fetchData(indicator, context) {
  if (indicator.data !== "attack") return { calm: true };
  ${attack}
}`;
  return { ...row, code: { JAVASCRIPT: code } };
}
