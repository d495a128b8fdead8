export { type CanonicalResult, canonicalise } from "./canonicalise.ts";
export { defang } from "./defang.ts";
export { type Detection, detect } from "./detect.ts";
export {
  type DroppedText,
  extract,
  type ExtractedIndicator,
  type Extraction,
  type ExtractOptions,
} from "./extract/extract.ts";
export type { Confidence } from "./extract/finding.ts";
export { type UnwrappedUrl, unwrapUrl, type UrlWrapper } from "./extract/unwrap-url.ts";
export {
  type IndicatorKind,
  type IndicatorKindGroup,
  type IndicatorKindInfo,
  indicatorKindInfo,
  indicatorKinds,
  isIndicatorKind,
} from "./indicator-kind.ts";
export { indicatorCharsMax } from "./kind-rule.ts";
export { refang } from "./refang.ts";
export { stripIndicator, type StrippedIndicator, type StripPart, stripParts } from "./strip-indicator.ts";
