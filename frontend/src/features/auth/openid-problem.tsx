import { Notice } from "../../components/notice.tsx";
import styles from "./openid-problem.module.css";

const words: Readonly<Record<string, string>> = {
  unreachable: "It does not answer. Try again in a while, or sign in another way.",
  expired: "It took more than ten minutes, or was begun in another browser. Start again.",
  refused: "It did not let you in, or you cancelled there.",
  failed: "Its answer could not be trusted. Start again; if it stays so, tell an administrator.",
  level: "Your sign-in there was not strong enough for Assay. Use your second factor there.",
  unverified: "It has not verified your e-mail address. Do that there first.",
  "no-account": "You have no account here. Ask an administrator for one.",
  "account-exists":
    "There is an account with your e-mail address. Sign in to it first, and link the two under Settings.",
  disabled: "Your account is disabled. Ask an administrator.",
  taken: "That account is linked with another account here.",
};

interface OpenidProblemProps {
  /** One of the words above; anything else comes from an address that somebody made up. */
  readonly problem: string;
  readonly provider: string | undefined;
}

/** Why a sign-in at a provider came to nothing. */
export function OpenidProblem({ problem, provider = "the provider" }: OpenidProblemProps) {
  const text = Object.hasOwn(words, problem) ? words[problem] : undefined;
  if (text === undefined) return null;
  return (
    <div className={styles["problem"]}>
      <Notice tone="error" title={`Signing in with ${provider.slice(0, 60)} did not work`}>
        <p>{text}</p>
      </Notice>
    </div>
  );
}
