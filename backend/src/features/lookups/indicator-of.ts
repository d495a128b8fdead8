import { canonicalise, detect, type IndicatorKind, refang } from "@assay/indicators";

export type IndicatorReading =
  | { readonly ok: true; readonly kind: IndicatorKind; readonly data: string }
  /** `reason` is what is wrong, to stand after "This is no …:"; null where no kind was named and none fits. */
  | { readonly ok: false; readonly reason: string | null };

/** The canonical indicator that somebody means. Pure; also run by workers. */
export function indicatorOf(given: {
  readonly data: string;
  readonly kind?: IndicatorKind | undefined;
}): IndicatorReading {
  if (given.kind === undefined) {
    const detected = detect(given.data);
    return detected ? { ok: true, kind: detected.kind, data: detected.data } : { ok: false, reason: null };
  }
  const canonical = canonicalise(given.kind, refang(given.data));
  return canonical.ok ? { ok: true, kind: given.kind, data: canonical.data } : { ok: false, reason: canonical.reason };
}
