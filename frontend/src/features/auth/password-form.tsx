import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef } from "react";
import { client } from "../../api/client.ts";
import { announce } from "../../components/announce.tsx";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { fieldError } from "./field-error.ts";
import { NewPasswordField } from "./new-password-field.tsx";
import styles from "./password-form.module.css";

/** Changes one's own password. Every other session ends; this one stays. */
export function PasswordForm() {
  const form = useRef<HTMLFormElement>(null);
  const change = useMutation({
    mutationFn: (body: { currentPassword: string; newPassword: string }) => client.auth.password({ body }),
    onSuccess: () => {
      form.current?.reset();
      announce("The password is changed. Your other sessions have ended.", { show: true });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    change.mutate({
      currentPassword: String(fields.get("currentPassword")),
      newPassword: String(fields.get("newPassword")),
    });
  };
  const errors = {
    currentPassword: fieldError(change.error, "currentPassword"),
    newPassword: fieldError(change.error, "newPassword"),
  };
  const wholeError = change.error && !errors.currentPassword && !errors.newPassword ? change.error : null;
  return (
    <form ref={form} className={styles["form"]} onSubmit={submit} aria-labelledby="change-password">
      <h2 id="change-password">Change password</h2>
      {wholeError && <ProblemNotice error={wholeError} title="The password was not changed" />}
      <Field label="Current password" error={errors.currentPassword}>
        {(control) => (
          <Input {...control} name="currentPassword" type="password" autoComplete="current-password" required />
        )}
      </Field>
      <NewPasswordField
        label="New password"
        name="newPassword"
        hint="Your other sessions end."
        error={errors.newPassword}
      />
      <Button type="submit" variant="primary" busy={change.isPending}>
        Change password
      </Button>
    </form>
  );
}
