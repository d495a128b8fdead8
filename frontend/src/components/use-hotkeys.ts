import { useEffect, useRef } from "react";

type Hotkeys = Readonly<Record<string, () => void>>;

/** Somebody is writing: single letters belong to the text. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

/** Keys for the whole page: `/`, `?`, `c`, or `mod+k` for Ctrl or Command with a letter. */
export function useHotkeys(hotkeys: Hotkeys): void {
  const latest = useRef(hotkeys);
  useEffect(() => {
    latest.current = hotkeys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const mod = event.ctrlKey || event.metaKey;
      if (event.defaultPrevented || event.altKey || event.isComposing) return;
      // Within an editor's shadow root the target is told as the element around it.
      const target = event.composedPath()[0] ?? event.target;
      if (!mod && (isTyping(target) || document.querySelector("[role=dialog]") !== null)) return;
      const run = latest.current[mod ? `mod+${event.key.toLowerCase()}` : event.key];
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
