import type { SourceRegistry } from "../../lookups/source-registry.ts";

export const noneThere = "None of the sources that it names is there any more";
export const noneSwitchedOn = "None of the sources that it names is switched on";

/** What has become of the sources that a batch names, as far as it keeps the batch from going on; null: it can. */
export function faultOfSources(named: readonly string[], registry: Pick<SourceRegistry, "get">): string | null {
  if (named.length === 0) return null;
  const there = named.flatMap((id) => registry.get(id) ?? []);
  if (there.length === 0) return noneThere;
  return there.some(({ enabled, providerEnabled }) => enabled && providerEnabled) ? null : noneSwitchedOn;
}
