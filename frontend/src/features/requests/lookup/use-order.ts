import { useState } from "react";
import { ended, type LookupView } from "../view/lookup-view.ts";
import { orderPlaces, type PlaceOrder } from "../view/weigh.ts";

interface Frozen {
  readonly name: PlaceOrder;
  readonly ids: readonly string[];
}

/** The order of the strips: frozen when it is chosen, so that answers that arrive later never move anything. */
export function useOrder(view: LookupView) {
  const [frozen, setFrozen] = useState<Frozen>({ name: "plan", ids: [] });
  const wanted = orderPlaces(view, frozen.name, ended(view.request));
  const known = new Set(frozen.ids);
  const shown = frozen.name === "plan" ? wanted : [...frozen.ids, ...wanted.filter((id) => !known.has(id))];
  return {
    name: frozen.name,
    ids: shown,
    stale: shown.some((id, at) => id !== wanted[at]),
    choose: (name: PlaceOrder) => setFrozen({ name, ids: orderPlaces(view, name, ended(view.request)) }),
  };
}
