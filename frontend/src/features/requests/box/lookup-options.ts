import type { Pap, Tlp, Visibility } from "@assay/contract";
import { useSyncExternalStore } from "react";

/** How the next lookups are asked. What is absent is the server's default. They hold until changed or reloaded. */
export interface LookupOptions {
  readonly sourceIds?: readonly string[];
  readonly tlp?: Tlp;
  readonly pap?: Pap;
  readonly visibility?: Visibility;
  readonly deadlineMs?: number;
  readonly refresh?: boolean;
  readonly followUp?: { readonly depth: number; readonly most: number };
}

let current: LookupOptions = {};
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Replaces the options; a name without a value is taken out. */
function setLookupOptions(next: { [K in keyof LookupOptions]: LookupOptions[K] | undefined }): void {
  current = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as LookupOptions;
  for (const listener of listeners) listener();
}

export function useLookupOptions(): { options: LookupOptions; setOptions: typeof setLookupOptions } {
  return { options: useSyncExternalStore(subscribe, () => current), setOptions: setLookupOptions };
}
