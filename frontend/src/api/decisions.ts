import type { DecisionFilter, IndicatorKind } from "@assay/contract";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";

/** Everything about analysts' decisions. */
export const decisionsKey = ["decisions"] as const;

/** Decisions that pass the filter, newest first. */
export const decisionsQuery = (filter: DecisionFilter) =>
  infiniteQueryOptions({
    queryKey: [...decisionsKey, "list", filter],
    queryFn: ({ pageParam, signal }) =>
      client.decisions.list(
        { query: { ...filter, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

/** The decision about an indicator that is in force now. */
export const decisionAboutQuery = (kind: IndicatorKind, data: string) =>
  queryOptions({
    queryKey: [...decisionsKey, "about", kind, data],
    queryFn: async ({ signal }) => (await client.decisions.indicator({ query: { kind, data } }, signal)).decision,
  });
