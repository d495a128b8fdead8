import type { EntryType } from "@assay/contract";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";

/** Everything about ignore lists. */
export const ignoreListsKey = ["ignoreLists"] as const;

/** Lists whose name holds the text, by name. */
export const ignoreListsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: [...ignoreListsKey, "list", q],
    queryFn: ({ pageParam, signal }) =>
      client.ignoreLists.list(
        { query: { limit: 50, ...(q === "" ? {} : { q }), ...(pageParam === null ? {} : { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

export const ignoreListQuery = (slug: string) =>
  queryOptions({
    queryKey: [...ignoreListsKey, "detail", slug],
    queryFn: ({ signal }) => client.ignoreLists.getBySlug({ params: { slug } }, signal),
  });

/** Entries of a list that hold the text, in the order in which they were added. */
export const entriesQuery = (id: string, q: string, type: EntryType | undefined) =>
  infiniteQueryOptions({
    queryKey: [...ignoreListsKey, "entries", id, q, type],
    queryFn: ({ pageParam, signal }) =>
      client.ignoreLists.entries(
        {
          params: { id },
          query: {
            limit: 50,
            ...(q === "" ? {} : { q }),
            ...(type === undefined ? {} : { type }),
            ...(pageParam === null ? {} : { cursor: pageParam }),
          },
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

/** Every provider, by name, to tie a list to. */
export const providersQuery = queryOptions({
  queryKey: ["providers", "list"],
  queryFn: async ({ signal }) => {
    const providers = [];
    let cursor: string | null = null;
    do {
      const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor === null ? {} : { cursor }) };
      const page: Awaited<ReturnType<typeof client.providers.list>> = await client.providers.list({ query }, signal);
      providers.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return providers;
  },
  staleTime: 60_000,
});
