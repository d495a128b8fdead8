import { type ConfigItem, Pap, Tlp } from "@assay/contract";
import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Input, Select } from "../../components/input.tsx";
import { Switch } from "../../components/switch.tsx";
import styles from "./config-control.module.css";

interface ConfigControlProps {
  readonly id: string;
  readonly item: ConfigItem;
  readonly disabled: boolean;
  readonly onSave: (value: ConfigItem["value"]) => void;
}

/** The control that fits the setting. */
export function ConfigControl({ id, item, disabled, onSave }: ConfigControlProps) {
  const describedBy = `${id}-hint`;
  if (typeof item.value === "boolean") {
    return <Switch id={id} checked={item.value} disabled={disabled} onChange={onSave} />;
  }
  if (typeof item.value === "number") {
    return <SecondsControl id={id} valueMs={item.value} disabled={disabled} onSave={onSave} />;
  }
  const words = item.name === "defaultPap" ? Pap.options : Tlp.options;
  return (
    <Select
      id={id}
      aria-describedby={describedBy}
      value={item.value}
      disabled={disabled}
      onChange={(event) => onSave(event.target.value)}
    >
      {words.map((word) => (
        <option key={word}>{word}</option>
      ))}
    </Select>
  );
}

interface SecondsControlProps {
  readonly id: string;
  readonly valueMs: number;
  readonly disabled: boolean;
  readonly onSave: (valueMs: number) => void;
}

/** A length of time, stored in milliseconds, written in seconds. */
function SecondsControl({ id, valueMs, disabled, onSave }: SecondsControlProps) {
  const [seconds, setSeconds] = useState(String(valueMs / 1000));
  const nextMs = Math.round(Number(seconds) * 1000);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSave(nextMs);
  };
  return (
    <form className={styles["seconds"]} onSubmit={submit}>
      <Input
        id={id}
        aria-describedby={`${id}-hint`}
        type="number"
        inputMode="decimal"
        min={0.1}
        max={300}
        step="any"
        required
        value={seconds}
        disabled={disabled}
        onChange={(event) => setSeconds(event.target.value)}
      />
      <span>s</span>
      <Button type="submit" disabled={disabled || nextMs === valueMs || seconds === ""}>
        Save
      </Button>
    </form>
  );
}
