import type { Source } from "@assay/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../../../api/client.ts";
import { sourceKeys } from "../../../api/sources.ts";
import { announce } from "../../../components/announce.tsx";

/** Deletes a source; `onDeleted` leads away from its page. */
export function useDeleteSource(source: Source, onDeleted: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.sources.delete({ params: { id: source.id } }),
    onSuccess: () => {
      announce(`Deleted ${source.name}`, { show: true });
      onDeleted();
      queries.removeQueries({ queryKey: sourceKeys.detail(source.slug) });
      void queries.invalidateQueries({ queryKey: sourceKeys.list });
    },
  });
}
