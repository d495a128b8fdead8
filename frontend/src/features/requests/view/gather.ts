import type { Facts, IndicatorKind } from "@assay/contract";
import type { Place } from "./lookup-view.ts";

export type FactName = keyof Facts;

type FactValue = string | number | readonly string[] | readonly number[];

/** One value of a fact, and the sources that say so. */
export interface GatheredFact {
  readonly name: FactName;
  readonly value: string | number;
  readonly sources: readonly string[];
}

export interface GatheredRelation {
  readonly kind: IndicatorKind;
  readonly data: string;
  readonly type: string;
  readonly sources: readonly string[];
}

/** What the sources say together: each value once, with who says it, most agreed first within a fact. */
export function gatherFacts(places: readonly Place[]): Map<FactName, GatheredFact[]> {
  const byFact = new Map<FactName, Map<string | number, string[]>>();
  for (const place of places) {
    const facts: Readonly<Partial<Record<string, FactValue>>> = place.answer?.facts ?? {};
    for (const [key, given] of Object.entries(facts)) {
      const name = key as FactName;
      const values = byFact.get(name) ?? new Map<string | number, string[]>();
      byFact.set(name, values);
      const told = typeof given === "object" ? given : [given ?? ""];
      for (const value of new Set<string | number>(told)) {
        values.set(value, [...(values.get(value) ?? []), place.source.name]);
      }
    }
  }
  return new Map(
    [...byFact].map(([name, values]) => [
      name,
      [...values]
        .map(([value, sources]) => ({ name, value, sources }))
        .toSorted((a, b) => b.sources.length - a.sources.length),
    ]),
  );
}

/** Other indicators that the answers point to, each tie once. */
export function gatherRelations(places: readonly Place[]): GatheredRelation[] {
  const ties = new Map<string, GatheredRelation>();
  for (const place of places) {
    for (const relation of place.answer?.relations ?? []) {
      const key = JSON.stringify([relation.type, relation.kind, relation.data]);
      const sources = new Set([...(ties.get(key)?.sources ?? []), place.source.name]);
      ties.set(key, { ...relation, sources: [...sources] });
    }
  }
  return [...ties.values()].toSorted((a, b) => a.type.localeCompare(b.type));
}
