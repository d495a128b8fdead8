import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { client } from "../../api/client.ts";
import { announce } from "../../components/announce.tsx";
import { Button } from "../../components/button.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Section } from "../../components/section.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { waysQuery } from "../../api/auth.ts";
import { identitiesQuery } from "./auth-queries.ts";
import { OpenidProblem } from "./openid-problem.tsx";
import { PasswordForm } from "./password-form.tsx";
import rows from "../../components/rows.module.css";

/** The ways in which one signs in: a password, and accounts at OpenID providers. */
export function LinkedAccounts() {
  const search: { problem?: string; provider?: string; linked?: string } = useSearch({ strict: false });
  const identities = useQuery(identitiesQuery);
  const ways = useQuery(waysQuery);
  const queries = useQueryClient();
  const link = useMutation({
    mutationFn: (provider: string) => client.auth.openidLink({ params: { provider } }),
    onSuccess: ({ url }) => window.location.assign(url),
  });
  const unlink = useMutation({
    mutationFn: (id: string) => client.auth.unlink({ params: { id } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: identitiesQuery.queryKey });
      announce("Unlinked", { show: true });
    },
  });
  const providers = ways.data?.ways.filter((way) => way.type === "openid") ?? [];
  const items = identities.data?.items ?? [];
  const nameOf = (id: string): string => providers.find(({ provider }) => provider === id)?.name ?? id;
  const error = identities.error ?? link.error ?? unlink.error;
  return (
    <>
      {(providers.length > 0 || items.length > 0) && (
        <Section title="Linked accounts">
          {search.problem !== undefined && <OpenidProblem problem={search.problem} provider={search.provider} />}
          {search.linked !== undefined && (
            <Notice tone="info" title={`${nameOf(search.linked)} signs you in from now on`} />
          )}
          {error && <ProblemNotice error={error} />}
          <ul className={rows["list"]} aria-label="Linked accounts">
            {items.map(({ id, provider, email, lastSignInAt }) => (
              <li key={id} className={rows["row"]}>
                <div className={rows["words"]}>
                  <p className={rows["title"]}>{nameOf(provider)}</p>
                  <p className={rows["facts"]}>
                    {email !== null && <span>{email}</span>}
                    <span>{lastSignInAt === null ? "Never used" : <TimeAgo time={lastSignInAt} />}</span>
                  </p>
                </div>
                <Button size="s" busy={unlink.isPending} onClick={() => unlink.mutate(id)}>
                  Unlink
                </Button>
              </li>
            ))}
            {providers
              .filter(({ provider }) => items.every((item) => item.provider !== provider))
              .map(({ provider, name }) => (
                <li key={provider} className={rows["row"]}>
                  <div className={rows["words"]}>
                    <p className={rows["title"]}>{name}</p>
                    <p className={rows["facts"]}>Not linked</p>
                  </div>
                  <Button size="s" busy={link.isPending} onClick={() => link.mutate(provider)}>
                    Link
                  </Button>
                </li>
              ))}
          </ul>
        </Section>
      )}
      {identities.data?.hasPassword && <PasswordForm />}
    </>
  );
}
