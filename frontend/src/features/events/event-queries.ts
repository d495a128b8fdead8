import { api, endpointUrl, type EventFilter } from "@assay/contract";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { client } from "../../api/client.ts";

/** Events that pass the filter, newest first, page by page. */
export const eventsQuery = (filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: ["events", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      client.events.list({ query: { ...filter, ...(pageParam === null ? {} : { cursor: pageParam }) } }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

/** Where all events that pass the filter can be had as a file. */
export function exportAddress(filter: EventFilter): string {
  return endpointUrl(api.events.export, { query: filter });
}
