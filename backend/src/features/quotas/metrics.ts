import { metrics } from "@opentelemetry/api";
import type { Refusal } from "./admission.ts";

export interface QuotaMetrics {
  refused(because: Refusal["because"]): void;
  waited(): void;
}

/** What is left of a window of one quota, for the gauge. */
export interface MeasuredWindow {
  /** By name, as attributes. */
  readonly whose: Readonly<Record<string, string>>;
  readonly per: string;
  readonly left: number;
}

/**
 * `assay.quota.refused` by reason, `assay.quota.waited`, and the gauge `assay.quota.remaining` by the name of the secret (or source) and window,
 * which `measure` gives when it is asked for. Nothing is measured without an exporter.
 */
export function createQuotaMetrics(measure: () => Promise<readonly MeasuredWindow[]>): QuotaMetrics {
  const meter = metrics.getMeter("assay.quotas");
  const refusals = meter.createCounter("assay.quota.refused", { description: "Calls that a quota held back" });
  const waits = meter.createCounter("assay.quota.waited", { description: "Calls that waited for a quota" });
  meter
    .createObservableGauge("assay.quota.remaining", { description: "Calls that are left in a window of a quota" })
    .addCallback(async (result) => {
      for (const { whose, per, left } of await measure()) result.observe(left, { ...whose, "assay.window": per });
    });
  return {
    refused: (because) => refusals.add(1, { "assay.reason": because }),
    waited: () => waits.add(1),
  };
}
