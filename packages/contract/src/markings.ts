import { z } from "zod";

/** Traffic Light Protocol 2.0: who may get to know of the lookup. */
export const Tlp = z.enum(["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]);
export type Tlp = z.infer<typeof Tlp>;

/** Whether a marking lets fewer know than the other does. */
export function tlpExceeds(tlp: Tlp, most: Tlp): boolean {
  return Tlp.options.indexOf(tlp) > Tlp.options.indexOf(most);
}

/** Who sees a lookup: its owner only, or everyone who may read lookups. TLP:RED is always private. */
export const Visibility = z.enum(["private", "everyone"]);
export type Visibility = z.infer<typeof Visibility>;

/** On whose behalf a lookup runs: somebody at the dashboard, a program, a schedule, or a batch. Limits can differ by it. */
export const CallerClass = z.enum(["interactive", "api", "scheduled", "bulk"]);
export type CallerClass = z.infer<typeof CallerClass>;

/** Permissible Actions Protocol: what may be done with the indicator. */
export const Pap = z.enum(["CLEAR", "GREEN", "AMBER", "RED"]);
export type Pap = z.infer<typeof Pap>;
