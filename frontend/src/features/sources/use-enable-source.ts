import type { Source } from "@assay/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client } from "../../api/client.ts";
import { sourceKeys } from "../../api/sources.ts";
import { announce } from "../../components/announce.tsx";

/** Turns a source on or off. */
export function useEnableSource(source: Source) {
  return useSwitch(source, "enabled", ({ name, enabled }) => `${name} is ${enabled ? "on" : "off"}`);
}

/** Has the answers of a source kept, or no more. */
export function useEnableCache(source: Source) {
  return useSwitch(source, "cacheEnabled", ({ name, cacheEnabled }) =>
    cacheEnabled ? `Answers of ${name} are kept` : `${name} is asked every time`,
  );
}

function useSwitch(source: Source, name: "enabled" | "cacheEnabled", words: (changed: Source) => string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (on: boolean) => client.sources.update({ params: { id: source.id }, body: { [name]: on } }),
    onSuccess: (changed) => {
      queries.setQueryData(sourceKeys.detail(source.slug), changed);
      void queries.invalidateQueries({ queryKey: sourceKeys.list });
      announce(words(changed), { show: true });
    },
  });
}
