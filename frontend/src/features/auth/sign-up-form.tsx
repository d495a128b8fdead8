import type { SignUp } from "@assay/contract";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { Input } from "../../components/input.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { fieldError } from "./field-error.ts";
import { NewPasswordField } from "./new-password-field.tsx";
import styles from "./sign-in-form.module.css";

/** Asks for an account. Whether the address is known is not told. */
export function SignUpForm({ onBack }: { readonly onBack: () => void }) {
  const ask = useMutation({ mutationFn: (body: SignUp) => client.auth.signUp({ body }) });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [email, name, password] = ["email", "name", "password"].map((field) => String(form.get(field)));
    ask.mutate({ email: email ?? "", name: name ?? "", password: password ?? "" });
  };
  const back = (
    <Button type="button" onClick={onBack}>
      Back to sign-in
    </Button>
  );
  if (ask.isSuccess) {
    return (
      <div className={styles["form"]} role="status">
        <Notice tone="info" title="Your wish has been taken">
          <p>{ask.data.message}</p>
        </Notice>
        {back}
      </div>
    );
  }
  const errors = { email: fieldError(ask.error, "email"), password: fieldError(ask.error, "password") };
  return (
    <form className={styles["form"]} onSubmit={submit} aria-labelledby="sign-up">
      <h2 id="sign-up">Ask for an account</h2>
      <div aria-live="assertive">
        {ask.error && !errors.email && !errors.password && <ProblemNotice error={ask.error} />}
      </div>
      <Field label="E-mail" error={errors.email}>
        {(control) => <Input {...control} name="email" type="email" autoComplete="username" required autoFocus />}
      </Field>
      <Field label="Name" hint="So that an administrator knows who asks.">
        {(control) => <Input {...control} name="name" autoComplete="name" maxLength={120} required />}
      </Field>
      <NewPasswordField
        label="Password"
        name="password"
        hint="A few words that do not belong together are best."
        error={errors.password}
      />
      <Button type="submit" variant="primary" busy={ask.isPending}>
        Ask for an account
      </Button>
      {back}
    </form>
  );
}
