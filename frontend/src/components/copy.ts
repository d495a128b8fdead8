import { announce } from "./announce.tsx";

/** Puts text on the clipboard and says so: `what` ends the sentence "Copied …". */
export async function copyText(text: string, what: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    announce(`Copied ${what}`, { show: true });
    return true;
  } catch {
    announce("The browser did not allow copying. Select the text and copy it by hand.", { show: true });
    return false;
  }
}
