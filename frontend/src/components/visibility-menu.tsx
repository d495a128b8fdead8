import { Visibility } from "@assay/contract";
import { Check, ChevronDown, Globe, Lock } from "lucide-react";
import { Menu, MenuItem } from "./menu.tsx";
import { visibilityWords } from "./visibility-words.ts";
import styles from "./visibility-menu.module.css";

const icons = { private: Lock, everyone: Globe } as const;

interface VisibilityMenuProps {
  readonly visibility: Visibility;
  readonly isOwn: boolean;
  /** null: it may not be changed. */
  readonly onChange: ((visibility: Visibility) => void) | null;
  readonly busy: boolean;
  /** What else a change does. */
  readonly note?: string;
}

/** Who sees something, and the way to open or close it. */
export function VisibilityMenu({ visibility, isOwn, onChange, busy, note }: VisibilityMenuProps) {
  const words = isOwn ? visibilityWords : { ...visibilityWords, private: "Its owner only" };
  const Icon = icons[visibility];
  const label = (
    <>
      <Icon size={14} aria-hidden />
      <span>Seen by {words[visibility].toLowerCase()}</span>
    </>
  );
  if (onChange === null) return <span className={styles["label"]}>{label}</span>;
  return (
    <Menu
      {...(note !== undefined && { note })}
      trigger={
        <button type="button" className={[styles["label"], styles["trigger"]].join(" ")} disabled={busy}>
          {label}
          <ChevronDown size={14} aria-hidden />
        </button>
      }
    >
      {Visibility.options.map((one) => (
        <MenuItem
          key={one}
          icon={one === visibility ? <Check size={16} /> : null}
          onSelect={() => one !== visibility && onChange(one)}
        >
          {words[one]}
        </MenuItem>
      ))}
    </Menu>
  );
}
