import type { Source, SourceVersion } from "@assay/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../../api/client.ts";
import { sourceKeys } from "../../api/sources.ts";
import { announce } from "../../components/announce.tsx";

/** Gives a source the code and manifest of an earlier version again. */
export function useRollBack(source: Source) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (version: SourceVersion) =>
      client.sources.rollback({ params: { id: source.id, versionId: version.id } }),
    onSuccess: (changed, version) => {
      queries.setQueryData(sourceKeys.detail(source.slug), changed);
      void queries.invalidateQueries({ queryKey: sourceKeys.list });
      void queries.invalidateQueries({ queryKey: sourceKeys.versions(source.id) });
      announce(`${changed.name} is as in version ${version.number}`, { show: true });
    },
  });
}
