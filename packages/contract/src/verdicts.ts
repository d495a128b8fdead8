import { z } from "zod";
import { Opinion } from "./answers.ts";
import type { IndicatorKind } from "./indicators.ts";

/** For how many days after the provider's date an opinion counts as fresh. Kinds that are not named (hashes, …) never age. */
export const freshDays: Readonly<Partial<Record<IndicatorKind, number>>> = {
  IPV4: 30,
  IPV6: 30,
  CIDR: 30,
  IP_PORT: 30,
  URL: 14,
  DOMAIN: 90,
  ONION: 90,
  EMAIL: 90,
};

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
  /** The rule that fired: R1 … R6. */
  rule: z.enum(["R1", "R2", "R3", "R4", "R5", "R6"]),
  /** The rule in a sentence. */
  text: z.string(),
  /** Slugs of the sources that the rule rests on. */
  sources: z.array(z.string()),
  /** R1: slugs of the sources that call it malicious all the same. */
  conflicts: z.array(z.string()),
  /** 0-100, for sorting only. */
  score: z.number(),
  terms: z.array(ScoreTerm),
  coverage: Coverage,
  /** Sources are still out. */
  provisional: z.boolean(),
});
export type Verdict = z.infer<typeof Verdict>;
