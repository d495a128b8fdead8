import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../../../api/client.ts";
import { relatedRequestsQuery } from "../../../api/requests.ts";
import { announce } from "../../../components/announce.tsx";
import { rememberRequest } from "../view/lookup-query.ts";

/** Stops a lookup and what follows from it; sources that are out are stopped too. */
export function useCancelLookup(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.requests.cancel({ params: { id } }),
    onSuccess: (request) => {
      rememberRequest(queries, request);
      void queries.invalidateQueries({ queryKey: relatedRequestsQuery(id).queryKey });
    },
    onError: (error) => announce(`The lookup was not cancelled: ${error.message}`, { show: true }),
  });
}
