import { useSyncExternalStore } from "react";

/** The text on the page of extraction. It is not in the address: a mail is long, and nobody else's business. */
let current = "";
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function setExtractText(text: string): void {
  current = text;
  for (const listener of listeners) listener();
}

export function useExtractText(): string {
  return useSyncExternalStore(subscribe, () => current);
}
