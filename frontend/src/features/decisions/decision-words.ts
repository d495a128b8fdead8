import type { DecisionStatus, DecisionWord } from "@assay/contract";
import { dateOnly } from "../../components/time.ts";

export const wordWords: Readonly<Record<DecisionWord, string>> = {
  malicious: "Malicious",
  suspicious: "Suspicious",
  benign: "Benign",
};

export const statusWords: Readonly<Record<DecisionStatus, string>> = {
  in_force: "In force",
  expired: "Expired",
  replaced: "Replaced",
  withdrawn: "Withdrawn",
};

/** Until when a decision is in force. */
export function untilWords(expiresAt: string | null): string {
  return expiresAt === null ? "until withdrawn" : `until ${dateOnly(expiresAt)}`;
}
