import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import styles from "./modal.module.css";

interface ModalProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
}

/** A dialogue over the page. Its backdrop is our own: Radix's locks the scroll with an inline style sheet, which the policy forbids. */
export function Modal({ open, onClose, title, children }: ModalProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <div className={styles["backdrop"]} aria-hidden="true" />
        <Dialog.Content className={styles["content"]} aria-describedby={undefined}>
          <Dialog.Title className={styles["title"]}>{title}</Dialog.Title>
          {children}
          {/* Last, so that the focus starts in what the dialogue is about. */}
          <Dialog.Close className={styles["close"]} aria-label="Close">
            <X size={18} aria-hidden />
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
