import type { Source } from "@assay/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../../api/client.ts";
import { sourceKeys } from "../../api/sources.ts";
import { announce } from "../../components/announce.tsx";

/** Turns a source on or off. */
export function useEnableSource(source: Source) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (enabled: boolean) => client.sources.update({ params: { id: source.id }, body: { enabled } }),
    onSuccess: (changed) => {
      queries.setQueryData(sourceKeys.detail(source.slug), changed);
      void queries.invalidateQueries({ queryKey: sourceKeys.list });
      announce(`${changed.name} is ${changed.enabled ? "on" : "off"}`, { show: true });
    },
  });
}
