import { RadioGroup } from "radix-ui";
import { useId } from "react";
import styles from "./choice.module.css";

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  /** Each value with its words, in the order to show. */
  readonly options: Readonly<Record<T, string>>;
  readonly onChange: (value: T) => void;
}

/** One of a few, side by side. */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  const labelId = useId();
  const values = Object.keys(options) as T[];
  return (
    <div className={styles["choice"]}>
      <span id={labelId} className={styles["label"]}>
        {label}
      </span>
      <RadioGroup.Root
        className={styles["group"]}
        aria-labelledby={labelId}
        orientation="horizontal"
        value={value}
        onValueChange={(next) => {
          const chosen = values.find((one) => one === next);
          if (chosen !== undefined) onChange(chosen);
        }}
      >
        {values.map((one) => (
          <RadioGroup.Item key={one} value={one} className={styles["option"]}>
            {options[one]}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </div>
  );
}
