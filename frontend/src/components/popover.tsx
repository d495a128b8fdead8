import { Popover as Radix } from "radix-ui";
import type { ReactNode } from "react";
import styles from "./popover.module.css";

interface PopoverProps {
  /** The button that opens it. */
  readonly trigger: ReactNode;
  /** What a screen reader calls what is in it. */
  readonly label: string;
  readonly align: "start" | "end";
  /** Of what is in it: its width, and how it is laid out. */
  readonly className?: string | undefined;
  /** The focus is about to go back to the trigger. */
  readonly onCloseAutoFocus?: (event: Event) => void;
  readonly children: ReactNode;
}

/** More of something, over the page, behind a button. */
export function Popover({ trigger, label, className = "", children, ...rest }: PopoverProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          {...rest}
          className={[styles["popover"], className].join(" ")}
          sideOffset={6}
          collisionPadding={12}
          aria-label={label}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
