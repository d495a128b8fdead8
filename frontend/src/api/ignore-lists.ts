import type { EntryType } from "@assay/contract";
import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";
import { pagedQuery } from "./pages.ts";

/** Everything about ignore lists. */
export const ignoreListsKey = ["ignoreLists"] as const;

/** Lists whose name holds the text, by name. */
export const ignoreListsQuery = (q: string) =>
  pagedQuery([...ignoreListsKey, "list", q], (cursor, signal) =>
    client.ignoreLists.list({ query: { limit: 50, q: q || undefined, cursor } }, signal),
  );

export const ignoreListQuery = (slug: string) =>
  queryOptions({
    queryKey: [...ignoreListsKey, "detail", slug],
    queryFn: ({ signal }) => client.ignoreLists.getBySlug({ params: { slug } }, signal),
  });

/** Entries of a list that hold the text, in the order in which they were added. */
export const entriesQuery = (id: string, q: string, type: EntryType | undefined) =>
  pagedQuery([...ignoreListsKey, "entries", id, q, type], (cursor, signal) =>
    client.ignoreLists.entries({ params: { id }, query: { limit: 50, q: q || undefined, type, cursor } }, signal),
  );
