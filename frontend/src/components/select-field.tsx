import type { ReactNode } from "react";
import { Field } from "./field.tsx";
import { Select } from "./input.tsx";

interface SelectFieldProps<T extends string> {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What can be chosen, in this order. */
  readonly options: readonly T[];
  /** What each is called; as it is written unless told. */
  readonly words?: Readonly<Record<NoInfer<T>, string>> | ((option: NoInfer<T>) => string);
  /** What stands first and chooses none of the options; without it one is always chosen. */
  readonly none?: string;
  readonly disabled?: boolean;
  readonly value?: T | undefined;
  readonly onChoose?: (option: T | undefined) => void;
  /** In the place of `value` and `onChoose`: the name in the form that it is sent with, and what it begins with. */
  readonly name?: string;
  readonly defaultValue?: T | undefined;
}

/** A select with its label. */
export function SelectField<T extends string>(props: SelectFieldProps<T>) {
  const { label, hint, options, words, none, value, onChoose, ...rest } = props;
  const wordsOf = (option: T): string => (typeof words === "function" ? words(option) : (words?.[option] ?? option));
  const chosen = onChoose && { value: value ?? "" };
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <Select
          {...control}
          {...rest}
          {...chosen}
          onChange={(event) => onChoose?.(options.find((option) => option === event.target.value))}
        >
          {none !== undefined && <option value="">{none}</option>}
          {options.map((option) => (
            <option key={option} value={option}>
              {wordsOf(option)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
