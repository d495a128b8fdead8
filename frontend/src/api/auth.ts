import type { Me, Scope } from "@assay/contract";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, setCsrfToken } from "./client.ts";

/** Keeps what a sign-in gave: every later call needs its CSRF token. */
export function rememberMe(me: Me): Me {
  setCsrfToken(me.csrfToken);
  return me;
}

/** Who is signed in; fails with UNAUTHENTICATED when nobody is. */
export const meQuery = queryOptions({
  queryKey: ["auth", "me"],
  queryFn: async ({ signal }) => rememberMe(await client.auth.me({}, signal)),
  staleTime: 5 * 60_000,
});

/** Whether the signed-in person holds a scope; false until that is known. */
export function useMay(scope: Scope): boolean {
  const me = useQuery(meQuery);
  return me.data?.scopes.includes(scope) ?? false;
}

/** The ways to sign in; nobody has to be signed in to see them. */
export const waysQuery = queryOptions({
  queryKey: ["auth", "ways"],
  queryFn: ({ signal }) => client.auth.ways({}, signal),
  staleTime: 5 * 60_000,
});
