import { useQuery } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { meQuery } from "../../api/auth.ts";
import { Button } from "../../components/button.tsx";
import { Tag } from "../../components/tag.tsx";
import { LinkedAccounts } from "./linked-accounts.tsx";
import { OwnSessions } from "./own-sessions.tsx";
import { roleWords } from "../../components/role-words.ts";
import { useSignOut } from "./use-sign-out.ts";
import styles from "./account.module.css";

/** Who is signed in, by which ways, and where. */
export function Account() {
  const me = useQuery(meQuery);
  const { signOut, pending } = useSignOut();
  return (
    <div className={styles["account"]}>
      {me.data && (
        <section className={styles["who"]} aria-label="Signed in">
          <div>
            <h2>{me.data.user.name || me.data.user.email}</h2>
            {me.data.user.name !== "" && <p className={styles["email"]}>{me.data.user.email}</p>}
            <p className={styles["roles"]}>
              {me.data.user.roles.map((role) => (
                <Tag key={role}>{roleWords[role]}</Tag>
              ))}
            </p>
          </div>
          <Button icon={<LogOut size={16} aria-hidden />} busy={pending} onClick={signOut}>
            Sign out
          </Button>
        </section>
      )}
      {me.data?.csrfToken !== null && (
        <>
          <LinkedAccounts />
          <OwnSessions />
        </>
      )}
    </div>
  );
}
