/** Every address of the dashboard, as the router knows it. */
export const paths = {
  home: "/",
  signIn: "/sign-in",
  lookups: "/lookups",
  lookup: "/lookups/$id",
  sources: "/sources",
  source: "/sources/$slug",
  sourceEdit: "/sources/$slug/edit",
  /** No slug is a hyphen. */
  sourceNew: "/sources/-/new",
  secrets: "/secrets",
  settings: "/settings",
  settingsTokens: "/settings/tokens",
  settingsAppearance: "/settings/appearance",
  settingsServer: "/settings/server",
  settingsRunners: "/settings/runners",
} as const;

/**
 * Where to go after signing in: the given address when it is a path of this page, else home.
 * `//host`, `/\host` and anything with a scheme lead elsewhere and are refused.
 */
export function ownPath(next: string | undefined): string {
  if (next === undefined || !next.startsWith("/") || hasControlCharacter(next)) return paths.home;
  const here = "https://own.invalid";
  if (!URL.canParse(next, here)) return paths.home;
  const url = new URL(next, here);
  if (url.origin !== here || url.pathname.startsWith("//") || url.pathname === paths.signIn) return paths.home;
  return url.pathname + url.search + url.hash;
}

/** Browsers drop tabs and line ends inside an address, so `/\t/host` would become `//host`. */
function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character.charCodeAt(0) < 32);
}
