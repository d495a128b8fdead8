import { Field } from "./field.tsx";
import { Input } from "./input.tsx";

interface SearchFieldProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly placeholder?: string;
  /** For indicators. */
  readonly mono?: boolean;
  readonly maxLength?: number;
}

/** What a list is searched for. */
export function SearchField({ label, text, onText, maxLength = 200, ...rest }: SearchFieldProps) {
  return (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          {...rest}
          type="search"
          value={text}
          maxLength={maxLength}
          onChange={(event) => onText(event.target.value)}
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
    </Field>
  );
}
