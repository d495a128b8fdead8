import { Switch as Radix } from "radix-ui";
import styles from "./switch.module.css";

interface SwitchProps {
  readonly id?: string;
  /** Its name where no label element names it. */
  readonly label?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

export function Switch({ id, label, checked, onChange, disabled = false }: SwitchProps) {
  return (
    <Radix.Root
      {...(id === undefined ? {} : { id })}
      {...(label === undefined ? {} : { "aria-label": label })}
      className={styles["track"]}
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled}
    >
      <Radix.Thumb className={styles["thumb"]} />
    </Radix.Root>
  );
}
