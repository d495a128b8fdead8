import { useMutation, useQueryClient } from "@tanstack/react-query";
import { cacheKey, type EntryFilter, entryQuery } from "../../api/cache.ts";
import { client } from "../../api/client.ts";
import { announce } from "../../components/announce.tsx";

/** Clears what the filter names; everything where it names nothing. */
export function useClearCache() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (filter: EntryFilter) => {
      const named = entryQuery(filter);
      return client.cache.clear({ query: Object.keys(named).length === 0 ? { all: "true" } : named });
    },
    onSuccess: ({ removed }) => {
      void queries.invalidateQueries({ queryKey: cacheKey });
      announce(`Cleared ${removed === 1 ? "1 answer" : `${removed.toLocaleString("en")} answers`}`, { show: true });
    },
  });
}
