import { cacheKey, type EntryFilter } from "../../api/cache.ts";
import { client } from "../../api/client.ts";
import { isNarrowed } from "../../components/filter-form.tsx";
import { useChange } from "../../components/use-change.ts";

/** Clears what the filter names; everything where it names nothing. */
export const useClearCache = () =>
  useChange(
    cacheKey,
    (filter: EntryFilter) => client.cache.clear({ query: isNarrowed(filter) ? { ...filter } : { all: "true" } }),
    ({ removed }) => `Cleared ${removed === 1 ? "1 answer" : `${removed.toLocaleString("en")} answers`}`,
  );
