import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import styles from "./filters.module.css";
import { SearchField } from "./search-field.tsx";

interface FilterFormProps {
  /** What it narrows: "Filter events". */
  readonly label: string;
  readonly search: {
    readonly label: string;
    /** What the list is searched for at the beginning. */
    readonly text: string;
    readonly placeholder: string;
    readonly mono?: boolean;
    readonly maxLength?: number;
    /** Enter was pressed, or the field is empty again. */
    readonly onSearch: (text: string) => void;
  };
  /** Whether there is something to clear. */
  readonly narrowed: boolean;
  readonly onClear: () => void;
  /** The other fields. */
  readonly children: ReactNode;
  /** Before "Clear". */
  readonly actions?: ReactNode;
  /** In further rows. */
  readonly more?: ReactNode;
}

/** What a list is narrowed to: a text, applied with Enter, and fields that are applied at once. */
export function FilterForm({ label, search, narrowed, onClear, children, actions, more }: FilterFormProps) {
  const { text: initialText, onSearch, ...field } = search;
  const [text, setText] = useState(initialText);
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    onSearch(text.trim());
  };
  const type = (typed: string): void => {
    setText(typed);
    if (typed === "") onSearch("");
  };
  const clear = (): void => {
    setText("");
    onClear();
  };
  return (
    <form className={styles["filters"]} onSubmit={apply} aria-label={label}>
      <div className={styles["text"]}>
        <SearchField {...field} text={text} onText={type} />
      </div>
      {children}
      <div className={styles["actions"]}>
        {actions}
        <Button variant="plain" disabled={!narrowed} onClick={clear}>
          Clear
        </Button>
      </div>
      {more}
    </form>
  );
}

/** Whether a filter leaves anything out. */
export function isNarrowed(filter: object): boolean {
  return Object.values(filter).some((value) => value !== undefined && value !== "");
}
