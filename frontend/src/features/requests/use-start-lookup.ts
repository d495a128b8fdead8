import type { RequestInput } from "@assay/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { client } from "../../api/client.ts";
import { paths } from "../../api/paths.ts";
import { requestKeys } from "../../api/requests.ts";
import { rememberRequest } from "./view/lookup-query.ts";

/** Starts a lookup and goes to its page, where its answers arrive. */
export function useStartLookup() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (body: RequestInput) => client.requests.create({ body }),
    onSuccess: async (request) => {
      rememberRequest(queries, request);
      void queries.invalidateQueries({ queryKey: requestKeys.lists });
      await navigate({ to: paths.lookup, params: { id: request.id } });
      // Out of the box, so that the keys of the page work: arrows, c, ?.
      document.getElementById("main")?.focus({ preventScroll: true });
    },
  });
}
