import { type ComponentProps, type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { Modal } from "./modal.tsx";

interface ModalButtonProps extends Omit<ComponentProps<typeof Button>, "onClick" | "children" | "title"> {
  readonly label: string;
  /** Over the dialogue; the button's label unless told. */
  readonly title?: string;
  /** Draws what stands in the dialogue. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a dialogue. */
export function ModalButton({ label, title = label, children, ...button }: ModalButtonProps) {
  const [open, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <>
      <Button {...button} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal open={open} onClose={close} title={title}>
        {children(close)}
      </Modal>
    </>
  );
}
