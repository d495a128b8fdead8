import { api, endpointUrl, type EventFilter } from "@assay/contract";
import { client } from "../../api/client.ts";
import { pagedQuery } from "../../api/pages.ts";

/** Events that pass the filter, newest first, page by page. */
export const eventsQuery = (filter: EventFilter) =>
  pagedQuery(["events", "list", filter], (cursor, signal) =>
    client.events.list({ query: { ...filter, cursor } }, signal),
  );

/** Where all events that pass the filter can be had as a file. */
export function exportAddress(filter: EventFilter): string {
  return endpointUrl(api.events.export, { query: filter });
}
