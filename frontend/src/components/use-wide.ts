import { useSyncExternalStore } from "react";

/** From here up a detail opens beside its list. */
const wide = window.matchMedia("(min-width: 1100px)");

function subscribe(listener: () => void): () => void {
  wide.addEventListener("change", listener);
  return () => wide.removeEventListener("change", listener);
}

/** Whether there is room for a detail beside its list. */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => wide.matches);
}
