import type { Visibility } from "@assay/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../../../api/client.ts";
import { requestKeys } from "../../../api/requests.ts";
import { announce } from "../../../components/announce.tsx";
import { rememberRequest } from "../view/lookup-query.ts";

/** Opens a lookup to everyone, or closes it. */
export function useSetVisibility(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (visibility: Visibility) => client.requests.update({ params: { id }, body: { visibility } }),
    onSuccess: (request) => {
      rememberRequest(queries, request);
      void queries.invalidateQueries({ queryKey: requestKeys.lists });
      announce(request.visibility === "private" ? "The lookup is private now" : "Everyone can see the lookup now");
    },
    onError: (error) => announce(`Who sees the lookup was not changed: ${error.message}`, { show: true }),
  });
}
