import type {
  CacheLifetimes,
  IndicatorKind,
  Language,
  SecretSlot,
  SourceSnapshot,
  StripPart,
  Tlp,
} from "@assay/contract";

/** A source as the lookup engine holds it in memory: everything a lookup needs, so that none of it is read per lookup. */
export interface PlannableSource {
  readonly snapshot: SourceSnapshot;
  readonly language: Language;
  readonly enabled: boolean;
  readonly providerEnabled: boolean;
  readonly supportedIndicators: ReadonlySet<IndicatorKind>;
  readonly disabledIndicators: ReadonlySet<IndicatorKind>;
  readonly maxTlp: Tlp;
  /** What is taken out of an indicator before the source gets it; see `indicatorFor`. */
  readonly strip: readonly StripPart[];
  readonly hosts: readonly string[];
  readonly secretSlots: readonly SecretSlot[];
  readonly timeoutMs: number;
  readonly cacheEnabled: boolean;
  readonly cacheLifetimes: CacheLifetimes;
  /** The values that user code sees, as a JSON object. */
  readonly configJson: string;
  /** Empty: the source has no code yet. */
  readonly code: string;
  readonly codeHash: string;
}
