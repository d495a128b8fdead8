import type { AskedFor } from "@assay/contract";

/** What a source was asked that may not see all of the indicator. */
export function askedForText({ kind, data }: AskedFor): string {
  return `asked about less than the indicator: ${data} (${kind})`;
}
