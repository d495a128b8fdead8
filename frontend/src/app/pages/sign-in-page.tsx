import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Me } from "@assay/contract";
import { useState } from "react";
import { meQuery, waysQuery } from "../../api/auth.ts";
import { Button } from "../../components/button.tsx";
import { ownPath } from "@assay/contract";
import { paths } from "../../api/paths.ts";
import { OpenidButtons } from "../../features/auth/openid-buttons.tsx";
import { OpenidProblem } from "../../features/auth/openid-problem.tsx";
import { SignInForm } from "../../features/auth/sign-in-form.tsx";
import { SignUpForm } from "../../features/auth/sign-up-form.tsx";
import { Page } from "../../components/page.tsx";
import styles from "./sign-in-page.module.css";
import { Logo } from "../logo.tsx";

export function SignInPage() {
  const search = useSearch({ from: paths.signIn });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const ways = useQuery(waysQuery);
  const [isSigningUp, setSigningUp] = useState(false);
  const onSignedIn = (me: Me): void => {
    // Somebody else may have been here: nothing of theirs stays.
    queries.clear();
    queries.setQueryData(meQuery.queryKey, me);
    void navigate({ href: ownPath(search.next), replace: true });
  };
  return (
    <main className={styles["ground"]}>
      <Page title={isSigningUp ? "Ask for an account" : "Sign in"}>
        <div className={styles["card"]}>
          <div className={styles["brand"]}>
            <Logo sizePx={40} />
            <div>
              <h1>Assay</h1>
              <p>What do all your sources know about this indicator?</p>
            </div>
          </div>
          {search.problem !== undefined && <OpenidProblem problem={search.problem} provider={search.provider} />}
          {isSigningUp ? (
            <SignUpForm onBack={() => setSigningUp(false)} />
          ) : (
            <>
              <SignInForm sessionEnded={search.ended === true} onSignedIn={onSignedIn} />
              <OpenidButtons next={search.next} />
              {ways.data?.signUp === true && (
                <p className={styles["signUp"]}>
                  No account yet? <Button onClick={() => setSigningUp(true)}>Ask for one</Button>
                </p>
              )}
            </>
          )}
        </div>
      </Page>
    </main>
  );
}
