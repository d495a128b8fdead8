import type { IndicatorKind } from "@assay/contract";
import { indicatorKindInfo, indicatorKinds } from "@assay/indicators";
import { Check, ChevronDown } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { Menu } from "../../../components/menu.tsx";
import menu from "../../../components/menu.module.css";
import type { Reading } from "../reading/read-indicator.ts";
import styles from "./kind-menu.module.css";

interface KindMenuProps {
  readonly reading: Exclude<Reading, { state: "empty" }>;
  readonly chosen: IndicatorKind | null;
  /** null: detect it again. */
  readonly onChoose: (kind: IndicatorKind | null) => void;
}

const detectIt = "detect";

/** The kind that the text is taken for, and a menu to overrule it. */
export function KindMenu({ reading, chosen, onChoose }: KindMenuProps) {
  const kind = chosen ?? (reading.state === "read" ? reading.kind : null);
  const label = kind === null ? (reading.state === "unjudged" ? "Any kind" : "No kind") : indicatorKindInfo(kind).label;
  const others = indicatorKinds.filter((info) => !reading.fitting.includes(info.kind));
  const choose = (value: string): void => onChoose(indicatorKinds.find((info) => info.kind === value)?.kind ?? null);
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          className={[styles["chip"], reading.state === "unread" ? styles["unread"] : ""].join(" ")}
          aria-label={`Kind: ${label}${chosen === null ? ", detected" : ", chosen"}. Change it`}
        >
          <span className={styles["label"]}>{label}</span>
          <ChevronDown size={14} aria-hidden />
        </button>
      }
    >
      <DropdownMenu.RadioGroup value={chosen ?? detectIt} onValueChange={choose}>
        <KindItem value={detectIt} label="Detect it" aside={reading.fitting[0]} />
        {reading.fitting.length > 0 && <Heading text="Fits the text" />}
        {reading.fitting.map((fit) => (
          <KindItem key={fit} value={fit} label={indicatorKindInfo(fit).label} aside={fit} />
        ))}
        <Heading text={reading.fitting.length > 0 ? "Does not fit as it stands" : "Kinds"} />
        {others.map((info) => (
          <KindItem key={info.kind} value={info.kind} label={info.label} aside={info.kind} />
        ))}
      </DropdownMenu.RadioGroup>
    </Menu>
  );
}

function Heading({ text }: { readonly text: string }) {
  return <DropdownMenu.Label className={menu["label"]}>{text}</DropdownMenu.Label>;
}

interface KindItemProps {
  readonly value: string;
  readonly label: string;
  readonly aside: string | undefined;
}

function KindItem({ value, label, aside }: KindItemProps) {
  return (
    <DropdownMenu.RadioItem value={value} className={menu["item"]}>
      <span className={menu["check"]}>
        <DropdownMenu.ItemIndicator>
          <Check size={16} aria-hidden />
        </DropdownMenu.ItemIndicator>
      </span>
      {label}
      {aside !== undefined && <code className={menu["aside"]}>{aside}</code>}
    </DropdownMenu.RadioItem>
  );
}
