import { Tlp } from "@assay/contract";

/** The marking that lets the fewest know; CLEAR of none. */
export function strictestTlp(markings: readonly Tlp[]): Tlp {
  return Tlp.options.findLast((tlp) => markings.includes(tlp)) ?? "CLEAR";
}
