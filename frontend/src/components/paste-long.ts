import type { ClipboardEvent } from "react";

const nativeCharsMax = 20_000;

/**
 * Puts a long text that is pasted into a text area there by itself: browsers take a time for it that grows with the square of its
 * lines. Short ones are left to the browser, which can undo them.
 */
export function pasteLong(event: ClipboardEvent<HTMLTextAreaElement>, onText: (text: string) => void): void {
  const pasted = event.clipboardData.getData("text/plain");
  if (pasted.length <= nativeCharsMax) return;
  event.preventDefault();
  const { value, selectionStart, selectionEnd, maxLength } = event.currentTarget;
  const text = value.slice(0, selectionStart) + pasted + value.slice(selectionEnd);
  onText(maxLength < 0 ? text : text.slice(0, maxLength));
}
