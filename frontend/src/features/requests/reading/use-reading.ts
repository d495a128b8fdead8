import type { IndicatorKind } from "@assay/contract";
import type { Reading } from "./read-indicator.ts";
import { useReader } from "./reader.ts";

/** What the text is taken for. Until the rules are here it is unjudged, and may be asked as it stands. */
export function useReading(text: string, chosen: IndicatorKind | null): Reading {
  const reader = useReader();
  if (reader !== null) return reader.readIndicator(text, chosen);
  return text.trim() === "" ? { state: "empty" } : { state: "unjudged", fitting: [] };
}
