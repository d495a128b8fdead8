/** A text in which the marks that keep people from clicking are undone, and the way back to the original. */
export interface NormalText {
  readonly text: string;
  readonly original: string;
  /** The place in the original, in UTF-16 code units, where the stretch from `start` to `end` of `text` begins and ends. */
  readonly rawRange: (start: number, end: number) => { readonly start: number; readonly end: number };
}

/** Marks by their first character, longest first. Every mark is bounded, so that one look at each place is enough. */
const marks: ReadonlyMap<string, readonly (readonly [string, string])[]> = new Map([
  [
    "[",
    [
      ["[://]", "://"],
      ["[dot]", "."],
      ["[at]", "@"],
      ["[//]", "//"],
      ["[.]", "."],
      ["[:]", ":"],
      ["[@]", "@"],
      ["[/]", "/"],
    ],
  ],
  [
    "(",
    [
      ["(://)", "://"],
      ["(dot)", "."],
      ["(at)", "@"],
      ["(.)", "."],
      ["(@)", "@"],
      ["(:)", ":"],
    ],
  ],
  [
    "{",
    [
      ["{dot}", "."],
      ["{at}", "@"],
      ["{.}", "."],
      ["{@}", "@"],
      ["{:}", ":"],
    ],
  ],
  [
    "\\",
    [
      ["\\/", "/"],
      ["\\.", "."],
    ],
  ],
]);

const dots = new Set(["\u3002", "\uff61", "\u2024"]);
const hyphens = new Set(["\u2010", "\u2011"]);
const invisible = new Set(["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"]);
const wordCharacter = /[\p{L}\p{N}]/u;
const mayBegin = /[[({\\.\u00ad\u200b-\u200d\u2010\u2011\u2024\u2060\u3002\ufeff\uff01-\uff61 ]/g;
const spelledMark = / (dot|at) /iy;
const dotAfterName = /[\p{L}\p{N}_-]{1,63} dot [\p{L}\p{N}]/iuy;

function isWordAt(text: string, index: number): boolean {
  return wordCharacter.test(text[index] ?? "");
}

/** " dot " between words; " at " only where a " dot " follows: people meet at places, too. */
function spelledMarkAt(text: string, index: number): string | null {
  spelledMark.lastIndex = index;
  const match = spelledMark.exec(text);
  const after = index + (match?.[0].length ?? 0);
  if (!match || !isWordAt(text, index - 1) || !isWordAt(text, after)) return null;
  if (match[1]?.toLowerCase() === "dot") return ".";
  dotAfterName.lastIndex = after;
  return dotAfterName.test(text) ? "@" : null;
}

/** What stands at the index instead of itself: how many characters of the original, and what they mean. */
function markAt(text: string, index: number): readonly [number, string] | null {
  const character = text[index] ?? "";
  if (dots.has(character)) return [1, "."];
  if (hyphens.has(character)) return [1, "-"];
  if (invisible.has(character)) return [1, ""];
  const code = text.charCodeAt(index);
  if (code >= 0xff01 && code <= 0xff5e) return [1, String.fromCharCode(code - 0xfee0)];
  if (character === " ") {
    const meaning = spelledMarkAt(text, index);
    return meaning === null ? null : [meaning === "." ? 5 : 4, meaning];
  }
  if (character === ".") return text[index + 1] === "]" && isWordAt(text, index + 2) ? [2, "."] : null;
  for (const [mark, meaning] of marks.get(character) ?? [])
    if (text.slice(index, index + mark.length).toLowerCase() === mark) return [mark.length, meaning];
  return character === "[" && text[index + 1] === "." && isWordAt(text, index - 1) && isWordAt(text, index + 2)
    ? [2, "."]
    : null;
}

/** Undoes the marks in one pass. Linear: nothing looks further than one name ahead, and that only at " at ". */
export function normalise(original: string): NormalText {
  const pieces: string[] = [];
  /** Of every mark: where its meaning begins in the new text, how long that is, and where the mark stands in the old one. */
  const changes: { at: number; length: number; rawAt: number; rawLength: number }[] = [];
  let [done, at] = [0, 0];
  mayBegin.lastIndex = 0;
  for (let hit = mayBegin.exec(original); hit; hit = mayBegin.exec(original)) {
    const found = markAt(original, hit.index);
    if (found === null) continue;
    const [rawLength, meaning] = found;
    pieces.push(original.slice(done, hit.index), meaning);
    at += hit.index - done;
    changes.push({ at, length: meaning.length, rawAt: hit.index, rawLength });
    at += meaning.length;
    done = hit.index + rawLength;
    mayBegin.lastIndex = done;
  }
  pieces.push(original.slice(done));

  /** The last change that begins before the place (or, where that counts, at it). */
  const changeBefore = (place: number, isInclusive: boolean): (typeof changes)[number] | undefined => {
    let [low, high] = [0, changes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const change = changes[middle]!;
      if (change.at < place || (isInclusive && change.at === place)) low = middle + 1;
      else high = middle;
    }
    return changes[low - 1];
  };
  const rawStart = (place: number): number => {
    const change = changeBefore(place, true);
    if (change === undefined) return place;
    const past = place - change.at;
    return past < change.length ? change.rawAt : change.rawAt + change.rawLength + past - change.length;
  };
  const rawEnd = (place: number): number => {
    const change = changeBefore(place, false);
    if (change === undefined) return place;
    const past = place - change.at;
    return change.rawAt + change.rawLength + Math.max(0, past - change.length);
  };
  return {
    text: pieces.join(""),
    original,
    rawRange: (start, end) => ({ start: rawStart(start), end: rawEnd(end) }),
  };
}
