import { api, type BatchItemFilter, endpointUrl, type ExportFormat } from "@assay/contract";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";
import { pagedQuery } from "./pages.ts";

export const batchKeys = {
  lists: ["batches", "list"],
  detail: (id: string) => ["batches", "detail", id],
  items: (id: string) => ["batches", "items", id],
} as const;

/** Batches, newest first. */
export const batchesQuery = infiniteQueryOptions({
  ...pagedQuery(batchKeys.lists, (cursor, signal) => client.batches.list({ query: { limit: 50, cursor } }, signal)),
  refetchInterval: ({ state }) =>
    state.data?.pages.some((page) => page.items.some((batch) => batch.status === "running")) ? 5000 : false,
});

/** One batch; while it runs, `useBatch` keeps it up to date from its events. */
export const batchQuery = (id: string) =>
  queryOptions({
    queryKey: batchKeys.detail(id),
    queryFn: ({ signal }) => client.batches.get({ params: { id } }, signal),
  });

/** What is left of a batch to do: true now, so that nothing of it is kept; for many indicators it takes the server seconds. */
export const batchForecastQuery = (id: string) =>
  queryOptions({
    queryKey: ["batches", "forecast", id],
    queryFn: ({ signal }) => client.batches.forecast({ params: { id } }, signal),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

export const batchDroppedQuery = (id: string) =>
  queryOptions({
    queryKey: ["batches", "dropped", id],
    queryFn: ({ signal }) => client.batches.dropped({ params: { id } }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The indicators of a batch; of one that runs the first pages are read again and again. */
export const batchItemsQuery = (id: string, filter: BatchItemFilter, isRunning: boolean) =>
  infiniteQueryOptions({
    ...pagedQuery([...batchKeys.items(id), filter], (cursor, signal) =>
      client.batches.items({ params: { id }, query: { ...filter, limit: 100, cursor } }, signal),
    ),
    refetchInterval: ({ state }) => (isRunning && (state.data?.pages.length ?? 0) <= 3 ? 3000 : false),
  });

/** Where the lookups of a batch that pass the filter can be had as a file. */
export function exportBatchAddress(id: string, filter: BatchItemFilter, format: ExportFormat): string {
  return endpointUrl(api.batches.export, { params: { id }, query: { ...filter, format } });
}
