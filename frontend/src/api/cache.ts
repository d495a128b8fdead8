import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";

/** Everything about the cache. */
export const cacheKey = ["cache"] as const;

/** What entries are narrowed to; empty text: not. */
export interface EntryFilter {
  readonly sourceId: string;
  readonly data: string;
}

export const cacheQuery = queryOptions({
  queryKey: [...cacheKey, "state"],
  queryFn: ({ signal }) => client.cache.get({}, signal),
  refetchInterval: 10_000,
});

export const cacheEntriesQuery = (filter: EntryFilter) =>
  infiniteQueryOptions({
    queryKey: [...cacheKey, "entries", filter],
    queryFn: ({ pageParam, signal }) =>
      client.cache.entries(
        { query: { limit: 50, ...entryQuery(filter), ...(pageParam === null ? {} : { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

export function entryQuery({ sourceId, data }: EntryFilter): { sourceId?: string; data?: string } {
  return { ...(sourceId === "" ? {} : { sourceId }), ...(data === "" ? {} : { data }) };
}
