import type { Source, SourcePatch } from "@assay/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../../api/client.ts";
import { sourceKeys } from "../../api/sources.ts";
import { announce } from "../../components/announce.tsx";

/** Changes how far a source is trusted and the values of its settings; lookups from then on have them. */
export function useChangeSettings(source: Source) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Pick<SourcePatch, "reliability" | "configValues">) =>
      client.sources.update({ params: { id: source.id }, body: { ...change, versionId: source.versionId } }),
    onSuccess: (changed) => {
      queries.setQueryData(sourceKeys.detail(source.slug), changed);
      void queries.invalidateQueries({ queryKey: sourceKeys.list });
      void queries.invalidateQueries({ queryKey: sourceKeys.versions(source.id) });
      announce(`Saved the settings of ${changed.name}`, { show: true });
    },
  });
}
