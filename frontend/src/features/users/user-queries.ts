import { infiniteQueryOptions } from "@tanstack/react-query";
import { client } from "../../api/client.ts";

const usersKey = ["users"] as const;

/** Accounts whose address or name holds the text. */
export const usersQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: [...usersKey, q],
    queryFn: ({ pageParam, signal }) =>
      client.users.list(
        { query: { limit: 50, ...(q === "" ? {} : { q }), ...(pageParam === null ? {} : { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

/** All lists of accounts, for invalidation. */
export const allUsers = { queryKey: usersKey };
