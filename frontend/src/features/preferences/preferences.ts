/** What a person chose for this browser. `public/theme.js` reads the same entry before the first paint. */
export interface Preferences {
  readonly theme: "system" | "light" | "dark";
  readonly density: "comfortable" | "dense";
  readonly nav: "full" | "icons";
}

const storageKey = "assay.preferences";
const defaults: Preferences = { theme: "system", density: "comfortable", nav: "full" };

/** What is stored, with defaults for what is not. Storage may be blocked: then the defaults. */
export function readPreferences(): Preferences {
  try {
    return { ...defaults, ...(JSON.parse(localStorage.getItem(storageKey) ?? "{}") as Partial<Preferences>) };
  } catch {
    return defaults;
  }
}

/** Stores and shows them. Without storage they hold until the page is closed. */
export function applyPreferences(preferences: Preferences): void {
  const root = document.documentElement;
  if (preferences.theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = preferences.theme;
  if (preferences.density === "dense") root.dataset["density"] = "dense";
  else delete root.dataset["density"];
  try {
    localStorage.setItem(storageKey, JSON.stringify(preferences));
  } catch {
    // Blocked storage is the reader's choice.
  }
}
