import { useSyncExternalStore } from "react";

/** The rules of all kinds, with the public suffix list, are heavy: they come beside the page, not before it. */
export type Reader = typeof import("./read-indicator.ts");

let loaded: Reader | null = null;
let loading: Promise<Reader> | null = null;
const listeners = new Set<() => void>();

/** Loads the rules once; a failed attempt is made again at the next call. Rejects when they cannot be loaded. */
export function loadReader(): Promise<Reader> {
  loading ??= import("./read-indicator.ts").then(
    (reader) => {
      loaded = reader;
      for (const listener of listeners) listener();
      return reader;
    },
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  loadReader().catch(() => undefined);
  return () => listeners.delete(listener);
}

/** The rules, or null until they are here. */
export function useReader(): Reader | null {
  return useSyncExternalStore(subscribe, () => loaded);
}
