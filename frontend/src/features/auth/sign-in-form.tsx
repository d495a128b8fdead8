import { ApiError, type Me } from "@assay/contract";
import { useMutation } from "@tanstack/react-query";
import { Eye, EyeOff } from "lucide-react";
import { type FormEvent, useState } from "react";
import { rememberMe } from "../../api/auth.ts";
import { client } from "../../api/client.ts";
import { Button } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { Input } from "../../components/input.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import styles from "./sign-in-form.module.css";

interface SignInFormProps {
  /** A session has just ended by itself. */
  readonly sessionEnded: boolean;
  readonly onSignedIn: (me: Me) => void;
}

export function SignInForm({ sessionEnded, onSignedIn }: SignInFormProps) {
  const [shown, setShown] = useState(false);
  const signIn = useMutation({
    mutationFn: async (body: { email: string; password: string }) => rememberMe(await client.auth.login({ body })),
    onSuccess: onSignedIn,
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({ email: String(form.get("email")), password: String(form.get("password")) });
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      {sessionEnded && !signIn.isError && (
        <Notice tone="info" title="Your session has ended">
          <p>Sign in again and go on where you were.</p>
        </Notice>
      )}
      <div aria-live="assertive">{signIn.isError && <SignInProblem error={signIn.error} />}</div>
      <Field label="E-mail">
        {(control) => <Input {...control} name="email" type="email" autoComplete="username" required autoFocus />}
      </Field>
      <Field label="Password">
        {(control) => (
          <span className={styles["password"]}>
            <Input
              {...control}
              name="password"
              type={shown ? "text" : "password"}
              autoComplete="current-password"
              maxLength={200}
              required
            />
            <IconButton
              label={shown ? "Hide password" : "Show password"}
              icon={shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
              onClick={() => setShown(!shown)}
            />
          </span>
        )}
      </Field>
      <Button type="submit" variant="primary" busy={signIn.isPending}>
        Sign in
      </Button>
      <details className={styles["help"]}>
        <summary>First start, or no password?</summary>
        <p>
          The first administrator’s e-mail and password are printed once where Assay was started, or set there as{" "}
          <code>ASSAY_ADMIN_EMAIL</code> and <code>ASSAY_ADMIN_PASSWORD</code>. Everybody else gets an account from an
          administrator.
        </p>
      </details>
    </form>
  );
}

function SignInProblem({ error }: { readonly error: Error }) {
  if (error instanceof ApiError && error.problem.code === "UNAUTHENTICATED") {
    return (
      <Notice tone="error" title="E-mail and password do not match">
        <p>Check both and try again; capital letters count in the password.</p>
      </Notice>
    );
  }
  return <ProblemNotice error={error} />;
}
