import type { Visibility } from "@assay/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../../../api/client.ts";
import { requestKeys } from "../../../api/requests.ts";
import { announce } from "../../../components/announce.tsx";
import { changedWords } from "../view/followed-words.ts";
import { rememberRequest } from "../view/lookup-query.ts";

/** Opens a lookup to everyone, or closes it, with what came of it. */
export function useSetVisibility(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (visibility: Visibility) => client.requests.update({ params: { id }, body: { visibility } }),
    onSuccess: ({ followUpsChanged, ...request }) => {
      rememberRequest(queries, request);
      void queries.invalidateQueries({ queryKey: requestKeys.all });
      announce(changedWords(request.visibility, followUpsChanged), { show: followUpsChanged > 0 });
    },
    onError: (error) => announce(`Who sees the lookup was not changed: ${error.message}`, { show: true }),
  });
}
