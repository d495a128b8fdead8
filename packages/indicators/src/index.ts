export { type CanonicalResult, canonicalise } from "./canonicalise.ts";
export { defang } from "./defang.ts";
export { type Detection, detect } from "./detect.ts";
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
