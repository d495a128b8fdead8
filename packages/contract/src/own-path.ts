/** Where the dashboard's page to sign in is. */
export const signInPath = "/sign-in";

/**
 * Where to go after signing in: the given address when it is a path of this site, else home.
 * `//host`, `/\host` and anything with a scheme lead elsewhere and are refused.
 */
export function ownPath(next: string | undefined): string {
  if (next === undefined || !next.startsWith("/") || hasControlCharacter(next)) return "/";
  const here = "https://own.invalid";
  if (!URL.canParse(next, here)) return "/";
  const url = new URL(next, here);
  if (url.origin !== here || url.pathname.startsWith("//") || url.pathname === signInPath) return "/";
  return url.pathname + url.search + url.hash;
}

/** Browsers drop tabs and line ends inside an address, so `/\t/host` would become `//host`. */
function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character.charCodeAt(0) < 32);
}
