import { useSyncExternalStore } from "react";
import styles from "./announce.module.css";

interface Announcement {
  readonly text: string;
  readonly shown: boolean;
  readonly sequence: number;
}

const shownMs = 2500;
let current: Announcement = { text: "", shown: false, sequence: 0 };
let hiding: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function publish(next: Announcement): void {
  current = next;
  for (const listener of listeners) listener();
}

/** Tells screen readers something that happened; `show` also shows it at the foot of the page for a moment. */
export function announce(text: string, { show = false } = {}): void {
  clearTimeout(hiding);
  publish({ text, shown: show, sequence: current.sequence + 1 });
  if (show) hiding = setTimeout(() => publish({ ...current, shown: false }), shownMs);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The live region that `announce` speaks through; once, at the root. */
export function Announcer() {
  const { text, shown, sequence } = useSyncExternalStore(subscribe, () => current);
  return (
    <div role="status" aria-live="polite" className={shown ? styles["shown"] : styles["unseen"]}>
      <span key={sequence}>{text}</span>
    </div>
  );
}
