import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import styles from "./confirm.module.css";
import { Modal } from "./modal.tsx";

interface ConfirmProps {
  readonly open: boolean;
  readonly title: string;
  /** What the button does. */
  readonly verb: string;
  /** What the other button does. */
  readonly cancelVerb?: string;
  readonly danger?: boolean;
  readonly busy: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** What will happen. */
  readonly children: ReactNode;
}

export function Confirm({
  open,
  title,
  verb,
  cancelVerb = "Keep it",
  danger = false,
  busy,
  onConfirm,
  onClose,
  children,
}: ConfirmProps) {
  return (
    <Modal open={open} onClose={onClose} title={title}>
      <p>{children}</p>
      <div className={styles["actions"]}>
        <Button onClick={onClose}>{cancelVerb}</Button>
        <Button variant={danger ? "danger" : "primary"} busy={busy} onClick={onConfirm}>
          {verb}
        </Button>
      </div>
    </Modal>
  );
}
