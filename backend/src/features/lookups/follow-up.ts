import type { Answer, FollowUp, FollowUpState, IndicatorKind, RequestInput } from "@assay/contract";
import { canonicalise } from "@assay/indicators";

/** An indicator that an answer points to. */
export interface Related {
  readonly kind: IndicatorKind;
  readonly data: string;
  readonly relation: string;
}

/** So many relations of a lookup are looked at; the others would not be followed anyhow. */
const relatedMost = 500;

/** The state of the lookup that a tree begins with. */
export function rootState(
  id: string,
  { sourceIds }: Pick<RequestInput, "sourceIds">,
  { depth, most, kinds, types }: FollowUp,
): FollowUpState {
  return {
    rootId: id,
    depth,
    most,
    kinds: kinds ?? null,
    types: types ?? null,
    sourceIds: sourceIds ?? null,
    relation: null,
  };
}

/** What answers point to and may be followed, in canonical form, each once, in their order. */
export function relatedOf(answers: readonly Pick<Answer, "relations">[], state: FollowUpState): Related[] {
  const found = new Map<string, Related>();
  if (state.depth < 1) return [];
  for (const { kind, data, type } of answers.flatMap(({ relations }) => relations)) {
    if (found.size >= relatedMost) break;
    if (state.kinds && !state.kinds.includes(kind)) continue;
    if (state.types && !state.types.includes(type)) continue;
    const canonical = canonicalise(kind, data);
    const key = canonical.ok ? keyOf({ kind, data: canonical.data }) : "";
    if (canonical.ok && !found.has(key)) found.set(key, { kind, data: canonical.data, relation: type });
  }
  return [...found.values()];
}

/** The same for equal indicators only. */
export function keyOf({ kind, data }: Pick<Related, "kind" | "data">): string {
  return `${kind} ${data}`;
}
