import { DropdownMenu } from "radix-ui";
import { type ReactElement, type ReactNode, useId } from "react";
import styles from "./menu.module.css";

interface MenuProps {
  readonly trigger: ReactElement;
  readonly align?: "start" | "end";
  readonly children: ReactNode;
  /** What there is to know before one chooses. */
  readonly note?: string;
}

/** A menu under its trigger. Not modal: a modal one locks the scroll with an inline style sheet, which the policy forbids. */
export function Menu({ trigger, align = "start", children, note }: MenuProps) {
  const noteId = useId();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={styles["menu"]}
          align={align}
          sideOffset={4}
          collisionPadding={12}
          aria-describedby={note === undefined ? undefined : noteId}
        >
          {children}
          {note !== undefined && (
            <p id={noteId} className={styles["note"]}>
              {note}
            </p>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  readonly icon?: ReactNode;
  readonly aside?: ReactNode;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

export function MenuItem({ icon, aside, onSelect, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item className={styles["item"]} onSelect={onSelect}>
      {icon !== undefined && <span className={styles["check"]}>{icon}</span>}
      {children}
      {aside !== undefined && <span className={styles["aside"]}>{aside}</span>}
    </DropdownMenu.Item>
  );
}

interface MenuLinkProps {
  readonly href: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** Saves what is behind an address. */
export function MenuLink({ href, aside, children }: MenuLinkProps) {
  return (
    <DropdownMenu.Item asChild>
      <a href={href} download className={[styles["item"], styles["link"]].join(" ")}>
        {children}
        {aside !== undefined && <span className={styles["aside"]}>{aside}</span>}
      </a>
    </DropdownMenu.Item>
  );
}
