import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";
import { pagedQuery } from "./pages.ts";

/** Everything about the cache. */
export const cacheKey = ["cache"] as const;

/** What entries are narrowed to. */
export interface EntryFilter {
  readonly sourceId?: string | undefined;
  readonly data?: string | undefined;
}

export const cacheQuery = queryOptions({
  queryKey: [...cacheKey, "state"],
  queryFn: ({ signal }) => client.cache.get({}, signal),
  refetchInterval: 10_000,
});

export const cacheEntriesQuery = (filter: EntryFilter) =>
  pagedQuery([...cacheKey, "entries", filter], (cursor, signal) =>
    client.cache.entries({ query: { ...filter, limit: 50, cursor } }, signal),
  );
