export const lookupBoxId = "lookup-box";

/** Puts the cursor into the look-up box of the page, its text selected. */
export function focusLookupBox(): void {
  const box = document.getElementById(lookupBoxId);
  if (box instanceof HTMLInputElement) {
    box.focus();
    box.select();
  }
}
