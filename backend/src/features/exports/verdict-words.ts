import type { VerdictWord } from "@assay/contract";

/** The words that other tools have for a verdict. */
export interface ForeignVerdict {
  /** Cortex XSOAR: 3 bad, 2 suspicious, 1 good, 0 unknown. */
  readonly dbotScore: 0 | 1 | 2 | 3;
  /** The level of a taxonomy of TheHive's Cortex. */
  readonly cortexLevel: "malicious" | "suspicious" | "safe" | "info";
  /** Of STIX's indicator-type-ov; null: no indicator is made of it, so that nobody blocks what nobody knows. */
  readonly stixIndicatorType: "malicious-activity" | "anomalous-activity" | "benign" | null;
  /** The middle of High and Med in the scale None, Low, Med, High of STIX 2.1, appendix A. */
  readonly stixConfidence: 85 | 50 | null;
  /** Of threat.indicator.confidence in ECS. */
  readonly ecsConfidence: "None" | "Medium" | "High";
}

export const foreignVerdicts: Readonly<Record<VerdictWord, ForeignVerdict>> = {
  malicious: {
    dbotScore: 3,
    cortexLevel: "malicious",
    stixIndicatorType: "malicious-activity",
    stixConfidence: 85,
    ecsConfidence: "High",
  },
  suspicious: {
    dbotScore: 2,
    cortexLevel: "suspicious",
    stixIndicatorType: "anomalous-activity",
    stixConfidence: 50,
    ecsConfidence: "Medium",
  },
  benign: {
    dbotScore: 1,
    cortexLevel: "safe",
    stixIndicatorType: "benign",
    stixConfidence: 50,
    ecsConfidence: "Medium",
  },
  unknown: {
    dbotScore: 0,
    cortexLevel: "info",
    stixIndicatorType: null,
    stixConfidence: null,
    ecsConfidence: "None",
  },
};
