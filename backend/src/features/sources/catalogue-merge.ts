import { isDeepStrictEqual } from "node:util";

/**
 * What an upgrade of the catalogue makes of a row: a field that still is what the catalogue last installed becomes what it says now;
 * a field that somebody changed stays. Fields of a group (code and its language) stay or go together.
 */
export function mergeFields<T extends object>(
  current: T,
  installed: Readonly<Record<string, unknown>>,
  offered: T,
  groups: readonly (readonly (keyof T)[])[] = [],
): Partial<T> {
  const keys = Object.keys(offered) as (keyof T)[];
  const untouched = (key: keyof T): boolean =>
    !Object.hasOwn(installed, key) || isDeepStrictEqual(plain(current[key]), plain(installed[key as string]));
  const replaceable = (key: keyof T): boolean =>
    (groups.find((group) => group.includes(key)) ?? [key]).every(untouched);
  const replaced = keys.filter(
    (key) => replaceable(key) && !isDeepStrictEqual(plain(current[key]), plain(offered[key])),
  );
  return Object.fromEntries(replaced.map((key) => [key, offered[key]])) as Partial<T>;
}

/** Whether the catalogue says the same as when it was last installed. */
export function sameFields(installed: unknown, offered: unknown): boolean {
  return isDeepStrictEqual(plain(installed), plain(offered));
}

/** As it comes out of the database: without undefined and without prototypes of its own. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
