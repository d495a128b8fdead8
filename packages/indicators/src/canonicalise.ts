import { type IndicatorKind, indicatorKindInfo } from "./indicator-kind.ts";
import { indicatorCharsMax } from "./kind-rule.ts";
import { kindRules } from "./kind-rules.ts";
import { type Reading, readingsOf } from "./readings.ts";

export type CanonicalResult =
  | { readonly ok: true; readonly data: string }
  | { readonly ok: false; readonly reason: string };

function fail(kind: IndicatorKind, what: string): CanonicalResult {
  const info = indicatorKindInfo(kind);
  return {
    ok: false,
    reason: `Not a valid ${info.label}: ${what}. Expected ${info.description}, for example ${info.example}`,
  };
}

/** The first reading that is of the kind, in canonical form; null where none is. */
export function canonicaliseReadings(
  kind: IndicatorKind,
  readings: readonly Reading[],
): { data: string; reading: Reading } | null {
  for (const reading of readings) {
    const parsed = kindRules[kind].parse(reading.text);
    if (parsed.ok && parsed.data.length <= indicatorCharsMax) return { data: parsed.data, reading };
  }
  return null;
}

/**
 * The one canonical form of a text that is meant to be of the kind, defanged or not; or a sentence for people that says
 * what is wrong and what was expected. Idempotent: canonical data comes back unchanged. Never throws; linear time.
 */
export function canonicalise(kind: IndicatorKind, text: string): CanonicalResult {
  if (text.length > indicatorCharsMax)
    return fail(kind, `it has ${text.length} characters, the most is ${indicatorCharsMax}`);
  const readings = readingsOf(text);
  const last = readings.at(-1);
  if (last === undefined) return fail(kind, "nothing was given");
  const found = canonicaliseReadings(kind, readings);
  if (found) return { ok: true, data: found.data };
  const parsed = kindRules[kind].parse(last.text);
  return fail(kind, parsed.ok ? `its canonical form is longer than ${indicatorCharsMax} characters` : parsed.wrong);
}
