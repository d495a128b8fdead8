import type {
  CacheLifetimes,
  IndicatorKind,
  Language,
  QuotaWindow,
  SecretSlot,
  SourceSnapshot,
  StripPart,
  Tlp,
} from "@assay/contract";

/** How a source keeps to its provider's limits. */
export interface PlannableLimits {
  /** Off: calls are counted, and no quota holds them back. */
  readonly enabled: boolean;
  /** Holds where the source is asked without a secret. */
  readonly quota: readonly QuotaWindow[];
  readonly reservePercent: number;
  /** So many are reserved. */
  readonly callsPerLookup: number;
  /** For a call to become free; 0: it is not waited for. */
  readonly waitMs: number;
  /** Id of the source that calls count for; null: code that is tried out and belongs to none, so that nothing can be counted or rest under its id. */
  readonly countedFor: string | null;
}

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
  readonly limits: PlannableLimits;
  /** The values that user code sees, as a JSON object. */
  readonly configJson: string;
  /** Empty: the source has no code yet. */
  readonly code: string;
  readonly codeHash: string;
}
