import { isUniqueViolation } from "./db/violations.ts";
import { fail } from "./problem-error.ts";

const slugCharsMax = 80;
/** Letters that Unicode does not take apart into a letter and its accent. */
const folded: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
};

/** A slug for a name: digits stay, accents are folded. `fallback` is for names that leave nothing. */
export function slugOf(name: string, fallback: string): string {
  const slug = name
    .toLowerCase()
    .replaceAll(/[ßæœøłđðþı]/g, (letter) => folded[letter] ?? letter)
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, slugCharsMax)
    .replaceAll(/^-+|-+$/g, "");
  return slug === "" ? fallback : slug;
}

const triesMax = 5;

export interface SlugChoice {
  /** Given by the caller; made of the name when absent. */
  readonly wanted: string | undefined;
  readonly name: string;
  readonly fallback: string;
  /** Which slugs that begin so there are. */
  readonly taken: (prefix: string) => Promise<readonly string[]>;
}

/**
 * Inserts a row under a slug that is free: the wanted one, which has to be, or one made of the name, with a number where need be.
 * @throws ProblemError CONFLICT
 */
export async function insertWithSlug<T>(choice: SlugChoice, insert: (slug: string) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const slug = choice.wanted ?? (await freeSlug(choice));
    try {
      return await insert(slug);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      // Somebody else took a made-up slug meanwhile: make up another.
      if (choice.wanted !== undefined || tries === triesMax) failTaken(slug);
    }
  }
}

async function freeSlug({ name, fallback, taken }: SlugChoice): Promise<string> {
  const base = slugOf(name, fallback)
    .slice(0, slugCharsMax - 5)
    .replace(/-+$/, "");
  const used = new Set(await taken(base));
  let slug = base;
  for (let number = 2; used.has(slug); number++) slug = `${base}-${number}`;
  return slug;
}

/** @throws ProblemError CONFLICT */
export function failTaken(slug: string): never {
  fail("CONFLICT", `The slug ${slug} is taken. Choose another.`, [{ field: "body.slug", message: "is taken" }]);
}
