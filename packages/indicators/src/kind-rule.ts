/** What reading a text as a kind gives: the one canonical form, or what is wrong with it (no capital, no full stop). */
export type ParseResult = { readonly ok: true; readonly data: string } | { readonly ok: false; readonly wrong: string };

/** What a kind brings. Texts come trimmed, not empty, at most `indicatorCharsMax` long. */
export interface KindRule {
  /** Reads a text that is meant to be of the kind. Linear in its length; never throws. */
  readonly parse: (text: string) => ParseResult;
  /** Stricter than `parse`: would a person, seeing this text alone, say that it is of the kind? Default: when it parses. */
  readonly recognises?: (text: string) => boolean;
  /** Makes canonical data safe to paste. Default: hashes and the like need nothing. */
  readonly defang?: (data: string) => string;
}

/** Longest text that is taken for one indicator, in UTF-16 code units. */
export const indicatorCharsMax = 8192;

export function right(data: string): ParseResult {
  return { ok: true, data };
}

export function wrong(what: string): ParseResult {
  return { ok: false, wrong: what };
}
