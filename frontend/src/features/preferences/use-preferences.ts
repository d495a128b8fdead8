import { useSyncExternalStore } from "react";
import { applyPreferences, type Preferences, readPreferences } from "./preferences.ts";

let current = readPreferences();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function setPreference<K extends keyof Preferences>(name: K, value: Preferences[K]): void {
  current = { ...current, [name]: value };
  applyPreferences(current);
  for (const listener of listeners) listener();
}

export function usePreferences(): { preferences: Preferences; setPreference: typeof setPreference } {
  return { preferences: useSyncExternalStore(subscribe, () => current), setPreference };
}
