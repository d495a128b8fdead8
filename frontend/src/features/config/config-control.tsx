import type { ConfigItem } from "@assay/contract";
import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Input, Select } from "../../components/input.tsx";
import { Switch } from "../../components/switch.tsx";
import { unitWords } from "./config-words.ts";
import styles from "./config-control.module.css";

interface ConfigControlProps {
  readonly id: string;
  readonly item: ConfigItem;
  readonly disabled: boolean;
  readonly invalid: boolean;
  readonly onSave: (value: ConfigItem["value"]) => void;
}

/** The control that fits the setting. */
export function ConfigControl(props: ConfigControlProps) {
  const { id, item, disabled, onSave } = props;
  if (typeof item.value === "boolean") {
    return <Switch id={id} checked={item.value} disabled={disabled} onChange={onSave} />;
  }
  if (item.options !== null) {
    return (
      <Select
        id={id}
        aria-describedby={`${id}-hint`}
        value={String(item.value)}
        disabled={disabled}
        onChange={(event) => onSave(event.target.value)}
      >
        {item.options.map((word) => (
          <option key={word}>{word}</option>
        ))}
      </Select>
    );
  }
  return <TextControl {...props} />;
}

/** A number or a list, saved by a button: half a number must not hold. */
function TextControl({ id, item, disabled, invalid, onSave }: ConfigControlProps) {
  const isList = Array.isArray(item.value);
  // A length of time is stored in milliseconds and written in seconds.
  const scale = item.unit === "ms" ? 1000 : 1;
  const before = Array.isArray(item.value) ? item.value.join(", ") : String(Number(item.value) / scale);
  const [text, setText] = useState(before);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSave(isList ? text.split(/[\s,]+/).filter((part) => part !== "") : Math.round(Number(text) * scale));
  };
  const range = isList ? {} : { min: (item.minimum ?? 0) / scale, max: (item.maximum ?? Infinity) / scale };
  return (
    <form className={isList ? styles["list"] : styles["number"]} onSubmit={submit} noValidate>
      <Input
        {...range}
        id={id}
        mono={isList}
        aria-describedby={invalid ? `${id}-error ${id}-hint` : `${id}-hint`}
        aria-invalid={invalid || undefined}
        type={isList ? "text" : "number"}
        inputMode={isList ? "text" : "decimal"}
        step="any"
        placeholder={isList ? "none" : undefined}
        autoCapitalize="none"
        spellCheck={false}
        value={text}
        disabled={disabled}
        onChange={(event) => setText(event.target.value)}
      />
      {!isList && <span className={styles["unit"]}>{item.unit !== null && unitWords[item.unit]}</span>}
      <Button type="submit" disabled={disabled || text === before || (!isList && text === "")}>
        Save
      </Button>
    </form>
  );
}
