import type { KnownIndicator, RequestFilter } from "@assay/contract";
import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";
import { pagedQuery } from "./pages.ts";

/** What a list of lookups is narrowed to. */
export type LookupFilter = RequestFilter;

export const requestKeys = {
  all: ["requests"],
  lists: ["requests", "list"],
  known: ["requests", "list", "known"],
  detail: (id: string) => ["requests", "detail", id],
} as const;

/** Lookups, newest first, page by page. */
export const requestsQuery = (filter: LookupFilter, pageRows = 50) =>
  pagedQuery([...requestKeys.lists, filter, pageRows], (cursor, signal) =>
    client.requests.list({ query: { ...filter, limit: pageRows, cursor } }, signal),
  );

/** Other lookups of the same indicator. */
export const requestHistoryQuery = (id: string) =>
  queryOptions({
    queryKey: ["requests", "history", id],
    queryFn: ({ signal }) => client.requests.history({ params: { id }, query: { limit: 20 } }, signal),
  });

/** How often it is asked what has come of following a lookup, as long as something may. */
const followingMs = 1500;

/** The lookups that came of one by following it. */
export const relatedRequestsQuery = (id: string) =>
  queryOptions({
    queryKey: ["requests", "related", id],
    queryFn: ({ signal }) => client.requests.related({ params: { id } }, signal),
    refetchInterval: ({ state }) => (state.data?.complete === true ? false : followingMs),
  });

/** Most indicators that one question about what is known of them takes. */
export const knownMost = 100;

/** What is known of indicators from earlier lookups; nothing is asked. */
export const knownQuery = (indicators: readonly Pick<KnownIndicator, "kind" | "data">[]) =>
  queryOptions({
    queryKey: [...requestKeys.known, indicators],
    queryFn: async ({ signal }) =>
      (
        await client.requests.known(
          { body: { indicators: indicators.map(({ kind, data }) => ({ kind, data })) } },
          signal,
        )
      ).items,
    enabled: indicators.length > 0,
    staleTime: 10_000,
  });

/** What is different between two lookups of one indicator. */
export const requestDiffQuery = (id: string, otherId: string) =>
  queryOptions({
    queryKey: ["requests", "diff", id, otherId],
    queryFn: ({ signal }) => client.requests.diff({ params: { id }, query: { with: otherId } }, signal),
  });
