import { useQuery } from "@tanstack/react-query";
import { waysQuery } from "../../api/auth.ts";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";

interface NewPasswordFieldProps {
  readonly label: string;
  readonly name: string;
  /** What there is to say of it, after how long it has to be. */
  readonly hint: string;
  readonly error: string | undefined;
}

/** A password that is being chosen. */
export function NewPasswordField({ label, name, hint, error }: NewPasswordFieldProps) {
  const { data } = useQuery(waysQuery);
  const lengthMin = data?.passwordLengthMin ?? 12;
  return (
    <Field label={label} hint={`At least ${lengthMin} characters. ${hint}`} error={error}>
      {(control) => (
        <Input
          {...control}
          name={name}
          type="password"
          autoComplete="new-password"
          minLength={lengthMin}
          maxLength={200}
          required
        />
      )}
    </Field>
  );
}
