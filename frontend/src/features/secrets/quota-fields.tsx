import type { QuotaWindow } from "@assay/contract";
import { Plus, X } from "lucide-react";
import { useId } from "react";
import { Button } from "../../components/button.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { Input, Select } from "../../components/input.tsx";
import styles from "./quota-fields.module.css";

const lengths = ["second", "minute", "hour", "day", "week", "month"] as const;
const windowsMax = 5;

interface QuotaFieldsProps {
  readonly windows: readonly QuotaWindow[];
  readonly onChange: (windows: QuotaWindow[]) => void;
}

/** So many calls per stretch of time; several hold at once. */
export function QuotaFields({ windows, onChange }: QuotaFieldsProps) {
  const id = useId();
  const set = (at: number, change: Partial<QuotaWindow>): void =>
    onChange(windows.map((window, index) => (index === at ? { ...window, ...change } : window)));
  const free = lengths.filter((per) => windows.every((window) => window.per !== per));
  return (
    <div className={styles["windows"]}>
      {windows.map(({ limit, per }, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a window is known by its place alone while it is edited
        <div key={`${id} ${at}`} className={styles["window"]} role="group" aria-label={`Limit ${at + 1}`}>
          <Input
            mono
            type="number"
            min={1}
            max={1_000_000_000}
            required
            aria-label="Calls"
            value={Number.isNaN(limit) ? "" : limit}
            onChange={(event) => set(at, { limit: event.target.valueAsNumber })}
          />
          <span>per</span>
          <Select aria-label="Stretch of time" value={per} onChange={(event) => set(at, { per: event.target.value })}>
            {/* Durations such as 30s come from a manifest or the API. */}
            {[...new Set([per, ...free])].map((option) => (
              <option key={option} value={option}>
                {option}
              </option>
            ))}
          </Select>
          <IconButton
            label={`Remove ${limit} per ${per}`}
            icon={<X size={14} aria-hidden />}
            onClick={() => onChange(windows.toSpliced(at, 1))}
          />
        </div>
      ))}
      {free[0] !== undefined && windows.length < windowsMax && (
        <Button
          size="s"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => onChange([...windows, { limit: 100, per: free.includes("day") ? "day" : (free[0] ?? "day") }])}
        >
          Add a limit
        </Button>
      )}
    </div>
  );
}
