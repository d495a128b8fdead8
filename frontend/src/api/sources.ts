import type { SourceSummary } from "@assay/contract";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";

export const sourceKeys = {
  list: ["sources", "list"],
  detail: (slug: string) => ["sources", "detail", slug],
  versions: (id: string) => ["sources", "versions", id],
} as const;

/** Every source, by name. */
export const sourcesQuery = queryOptions({
  queryKey: sourceKeys.list,
  queryFn: async ({ signal }) => {
    const sources: SourceSummary[] = [];
    let cursor: string | null = null;
    do {
      const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor === null ? {} : { cursor }) };
      const page: { items: SourceSummary[]; nextCursor: string | null } = await client.sources.list({ query }, signal);
      sources.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return sources;
  },
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
  infiniteQueryOptions({
    queryKey: sourceKeys.versions(id),
    queryFn: ({ pageParam, signal }) =>
      client.sources.versions(
        { params: { id }, query: { limit: 20, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

/** One version with its code and manifest; it never changes. */
export const sourceVersionQuery = (id: string, versionId: string) =>
  queryOptions({
    queryKey: ["sources", "version", id, versionId],
    queryFn: ({ signal }) => client.sources.version({ params: { id, versionId } }, signal),
    staleTime: Infinity,
  });

/** The source's answers, newest first. */
export const sourceAnswersQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["sources", "answers", id],
    queryFn: ({ pageParam, signal }) =>
      client.sources.requests(
        { params: { id }, query: { limit: 20, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
