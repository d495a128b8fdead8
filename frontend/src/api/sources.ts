import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";
import { pagedQuery, readAll } from "./pages.ts";

export const sourceKeys = {
  list: ["sources", "list"],
  detail: (slug: string) => ["sources", "detail", slug],
  versions: (id: string) => ["sources", "versions", id],
} as const;

/** Every source, by name. */
export const sourcesQuery = queryOptions({
  queryKey: sourceKeys.list,
  queryFn: ({ signal }) => readAll((page) => client.sources.list({ query: page }, signal)),
  staleTime: 60_000,
});

/** One source with its code. */
export const sourceQuery = (slug: string) =>
  queryOptions({
    queryKey: sourceKeys.detail(slug),
    queryFn: ({ signal }) => client.sources.getBySlug({ params: { slug } }, signal),
    staleTime: 60_000,
  });

export const sourceVersionsQuery = (id: string) =>
  pagedQuery(sourceKeys.versions(id), (cursor, signal) =>
    client.sources.versions({ params: { id }, query: { limit: 20, cursor } }, signal),
  );

/** One version with its code and manifest; it never changes. */
export const sourceVersionQuery = (id: string, versionId: string) =>
  queryOptions({
    queryKey: ["sources", "version", id, versionId],
    queryFn: ({ signal }) => client.sources.version({ params: { id, versionId } }, signal),
    staleTime: Infinity,
  });

/** The source's answers, newest first. */
export const sourceAnswersQuery = (id: string) =>
  pagedQuery(["sources", "answers", id], (cursor, signal) =>
    client.sources.requests({ params: { id }, query: { limit: 20, cursor } }, signal),
  );
