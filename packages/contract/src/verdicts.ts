import { z } from "zod";
import { Opinion } from "./answers.ts";
import { DecisionInForce } from "./decisions.ts";

/** The overall word. `unknown` is never called clean. */
export const VerdictWord = z.enum(["malicious", "suspicious", "benign", "unknown"]);
export type VerdictWord = z.infer<typeof VerdictWord>;

export const Coverage = z.strictObject({
  /** Sources that the lookup names. */
  asked: z.number().int(),
  /** Outcome ok. */
  answered: z.number().int(),
  noRecord: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
});
export type Coverage = z.infer<typeof Coverage>;

export const ScoreTerm = z.strictObject({
  /** Points that this family added. */
  points: z.number(),
  family: z.string(),
  source: z.string(),
  verdict: Opinion,
});
export type ScoreTerm = z.infer<typeof ScoreTerm>;

export const Verdict = z.strictObject({
  verdict: VerdictWord,
  /** The rule that fired: R0 … R6. */
  rule: z.enum(["R0", "R1", "R2", "R3", "R4", "R5", "R6"]),
  /** The rule in a sentence. */
  text: z.string(),
  /** Slugs of the sources that the rule rests on. */
  sources: z.array(z.string()),
  /** R0: slugs of the sources that say otherwise, fresh opinions only; R1: of those that call it malicious all the same. */
  conflicts: z.array(z.string()),
  /** 0-100, for sorting only. */
  score: z.number(),
  terms: z.array(ScoreTerm),
  coverage: Coverage,
  /** Sources are still out. */
  provisional: z.boolean(),
  /** The analyst's decision that was in force when it was asked; then the rule is R0. */
  decision: DecisionInForce.nullable(),
  /** For how many days an opinion counted as fresh; null: without end. */
  freshDays: z.number().int().nullable(),
});
export type Verdict = z.infer<typeof Verdict>;
