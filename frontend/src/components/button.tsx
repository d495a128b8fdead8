import { LoaderCircle } from "lucide-react";
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import styles from "./button.module.css";

interface ButtonLook {
  /** `primary` once per view: the thing to do. */
  readonly variant?: "primary" | "outline" | "plain" | "danger";
  readonly size?: "m" | "s";
}

interface ButtonProps extends ButtonLook, ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon?: ReactNode;
  /** The work is under way: disabled, with a turning mark, at the same width. */
  readonly busy?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = "outline", size = "m", icon, busy = false, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled === true || busy}
      aria-busy={busy || undefined}
      className={[buttonClass({ variant, size }), rest.className].join(" ")}
    >
      {busy ? <LoaderCircle size={16} className={styles["turning"]} aria-hidden /> : icon}
      {children}
    </button>
  );
}

/** For a link that looks like a button. */
export function buttonClass({ variant = "outline", size = "m" }: ButtonLook): string {
  return [styles["button"], styles[variant], styles[size]].join(" ");
}
