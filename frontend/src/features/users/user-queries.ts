import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client } from "../../api/client.ts";

const usersKey = ["users"] as const;

/** Who signed up and waits to be let in. */
export const awaitingQuery = queryOptions({
  queryKey: [...usersKey, "awaiting"],
  // The server lets no more than a hundred wait.
  queryFn: ({ signal }) => client.users.list({ query: { limit: 200, awaitingApproval: "true" } }, signal),
});

/** Accounts whose address or name holds the text. */
export const usersQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: [...usersKey, "list", q],
    queryFn: ({ pageParam, signal }) =>
      client.users.list(
        {
          query: {
            limit: 50,
            awaitingApproval: "false",
            ...(q === "" ? {} : { q }),
            ...(pageParam === null ? {} : { cursor: pageParam }),
          },
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

/** All lists of accounts, for invalidation. */
export const allUsers = { queryKey: usersKey };
