import type { LookupEvent, Request } from "@assay/contract";
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { client } from "../../../api/client.ts";
import { requestKeys } from "../../../api/requests.ts";
import { applyEvent, type LookupView, viewOfRequest } from "./lookup-view.ts";

/** One lookup as it is shown. While it runs, `useLookup` keeps it up to date from the event stream. */
export const lookupQuery = (id: string) =>
  queryOptions({
    queryKey: requestKeys.detail(id),
    queryFn: async ({ client: queries, queryKey, signal }): Promise<LookupView> => {
      const request = await client.requests.get({ params: { id } }, signal);
      return viewOfRequest(request, queries.getQueryData<LookupView>(queryKey));
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Keeps what a call answered about a lookup. */
export function rememberRequest(queries: QueryClient, request: Request): void {
  queries.setQueryData<LookupView>(requestKeys.detail(request.id), (known) => viewOfRequest(request, known));
}

export function rememberEvent(queries: QueryClient, id: string, event: LookupEvent): void {
  queries.setQueryData<LookupView>(requestKeys.detail(id), (known) => known && applyEvent(known, event));
  if (event.type === "fetching_end") void queries.invalidateQueries({ queryKey: requestKeys.lists });
}
