import { queryOptions } from "@tanstack/react-query";
import { client } from "../../api/client.ts";
import { pagedQuery } from "../../api/pages.ts";

const usersKey = ["users"] as const;

/** Who signed up and waits to be let in. */
export const awaitingQuery = queryOptions({
  queryKey: [...usersKey, "awaiting"],
  // The server lets no more than a hundred wait.
  queryFn: ({ signal }) => client.users.list({ query: { limit: 200, awaitingApproval: "true" } }, signal),
});

/** Accounts whose address or name holds the text. */
export const usersQuery = (q: string) =>
  pagedQuery([...usersKey, "list", q], (cursor, signal) =>
    client.users.list({ query: { limit: 50, awaitingApproval: "false", q: q || undefined, cursor } }, signal),
  );

/** All lists of accounts, for invalidation. */
export const allUsers = { queryKey: usersKey };
