import { canonicaliseReadings } from "./canonicalise.ts";
import type { IndicatorKind } from "./indicator-kind.ts";
import { indicatorCharsMax } from "./kind-rule.ts";
import { kindRules } from "./kind-rules.ts";
import { type Reading, readingsOf } from "./readings.ts";

/** What a pasted text most likely is. */
export interface Detection {
  readonly kind: IndicatorKind;
  /** The canonical form. */
  readonly data: string;
  /** True when the text was written so that nobody clicks it (hxxp, [.]) and that had to be undone. */
  readonly refanged: boolean;
  /** The other kinds that the text could be, likeliest first: what a person may choose instead. */
  readonly alternatives: IndicatorKind[];
}

const kindsInOrder = Object.keys(kindRules) as IndicatorKind[];

function recognise(kind: IndicatorKind, readings: readonly Reading[]): { data: string; reading: Reading } | null {
  const rule = kindRules[kind];
  const recognised = readings.filter((reading) =>
    rule.recognises ? rule.recognises(reading.text) : rule.parse(reading.text).ok,
  );
  return canonicaliseReadings(kind, recognised);
}

/**
 * Reads a text as ONE indicator and says which kind it most likely is, or null where it is none. Takes what people
 * paste: defanged, quoted, with spaces around. Never throws; linear time; more than 8,192 characters are none.
 */
export function detect(text: string): Detection | null {
  if (text.length > indicatorCharsMax) return null;
  const readings = readingsOf(text);
  for (const kind of kindsInOrder) {
    const found = recognise(kind, readings);
    if (found === null) continue;
    const alternatives = kindsInOrder.filter(
      (other) => other !== kind && canonicaliseReadings(other, readings) !== null,
    );
    return { kind, data: found.data, refanged: found.reading.refanged, alternatives };
  }
  return null;
}
