import type { IndicatorKind } from "@assay/contract";
import { indicatorKindInfo, indicatorKinds } from "@assay/indicators";
import { SelectField } from "./select-field.tsx";

interface KindFieldProps {
  readonly label?: string;
  readonly none?: string;
  readonly value: IndicatorKind | undefined;
  readonly onChoose: (kind: IndicatorKind | undefined) => void;
  /** All of them unless told. */
  readonly kinds?: readonly IndicatorKind[];
}

const allKinds = indicatorKinds.map(({ kind }) => kind);

/** A kind of indicator, or any. */
export function KindField({ label = "Kind", none = "Any", value, onChoose, kinds = allKinds }: KindFieldProps) {
  return (
    <SelectField
      label={label}
      none={none}
      options={kinds}
      words={(kind) => indicatorKindInfo(kind).label}
      value={value}
      onChoose={onChoose}
    />
  );
}
