import { infiniteQueryOptions } from "@tanstack/react-query";
import { client } from "../../api/client.ts";

export const apiTokensQuery = infiniteQueryOptions({
  queryKey: ["apiTokens"],
  queryFn: ({ pageParam, signal }) =>
    client.apiTokens.list({ query: { limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) } }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.nextCursor,
});
