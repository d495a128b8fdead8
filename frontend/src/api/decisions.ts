import type { DecisionFilter, IndicatorKind } from "@assay/contract";
import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";
import { pagedQuery } from "./pages.ts";

/** Everything about analysts' decisions. */
export const decisionsKey = ["decisions"] as const;

/** Decisions that pass the filter, newest first. */
export const decisionsQuery = (filter: DecisionFilter) =>
  pagedQuery([...decisionsKey, "list", filter], (cursor, signal) =>
    client.decisions.list({ query: { ...filter, limit: 50, cursor } }, signal),
  );

/** The decision about an indicator that is in force now. */
export const decisionAboutQuery = (kind: IndicatorKind, data: string) =>
  queryOptions({
    queryKey: [...decisionsKey, "about", kind, data],
    queryFn: async ({ signal }) => (await client.decisions.indicator({ query: { kind, data } }, signal)).decision,
  });
