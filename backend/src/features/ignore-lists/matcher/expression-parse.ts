/** Code units from first to last, both included. */
export type Range = readonly [first: number, last: number];
export type Assertion = "start" | "end" | "word" | "notWord";

/** What an expression says, before it is a program. */
export type Node =
  | { readonly is: "set"; readonly ranges: readonly Range[] }
  | { readonly is: "all"; readonly items: readonly Node[] }
  | { readonly is: "any"; readonly items: readonly Node[] }
  | { readonly is: "repeat"; readonly item: Node; readonly min: number; readonly max: number }
  | { readonly is: "assert"; readonly what: Assertion };

/** Says what is wrong with an expression, as the end of a sentence. */
export class ExpressionError extends Error {
  override name = "ExpressionError";
}

const depthMax = 50;
const repeatMax = 500;
export const unitMax = 0xffff;
const digit: Range[] = [[48, 57]];
const word: Range[] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const space: Range[] = [
  [9, 13],
  [32, 32],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const lineEnds: Range[] = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];
const classes: Readonly<Record<string, readonly Range[]>> = {
  d: digit,
  w: word,
  s: space,
  D: complement(digit),
  W: complement(word),
  S: complement(space),
};
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, "0": 0 };
const assertions: Readonly<Record<string, Assertion>> = { b: "word", B: "notWord", A: "start", z: "end", Z: "end" };

/** Everything that is not in the ranges. */
export function complement(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  const rest: Range[] = [];
  let from = 0;
  for (const [first, last] of sorted) {
    if (first > from) rest.push([from, first - 1]);
    from = Math.max(from, last + 1);
  }
  if (from <= unitMax) rest.push([from, unitMax]);
  return rest;
}

/** Both cases of every ASCII letter in the ranges; a single letter beyond ASCII gets its other case as well. */
function fold(ranges: readonly Range[]): Range[] {
  const folded: Range[] = [...ranges];
  for (const [first, last] of ranges) {
    const [upper, lower]: Range[] = [
      [Math.max(first, 65), Math.min(last, 90)],
      [Math.max(first, 97), Math.min(last, 122)],
    ];
    if (upper && upper[0] <= upper[1]) folded.push([upper[0] + 32, upper[1] + 32]);
    if (lower && lower[0] <= lower[1]) folded.push([lower[0] - 32, lower[1] - 32]);
    if (first !== last || first < 128) continue;
    for (const other of [String.fromCharCode(first).toLowerCase(), String.fromCharCode(first).toUpperCase()])
      if (other.length === 1) folded.push([other.charCodeAt(0), other.charCodeAt(0)]);
  }
  return folded;
}

/**
 * Reads an expression of the regular kind: what RE2 takes, which leaves out look-around and back-references because they cannot
 * be matched in linear time. Works on UTF-16 code units.
 * @throws ExpressionError
 */
export function parseExpression(source: string, ignoreCase: boolean): Node {
  let at = 0;
  let depth = 0;
  const peek = (): string => source[at] ?? "";
  const take = (text: string): boolean => {
    if (!source.startsWith(text, at)) return false;
    at += text.length;
    return true;
  };
  const wrong = (reason: string): never => {
    throw new ExpressionError(`${reason} (at character ${at + 1})`);
  };
  const set = (ranges: readonly Range[]): Node => ({ is: "set", ranges: ignoreCase ? fold(ranges) : ranges });
  const unit = (code: number): Range[] => [[code, code]];

  const parseAny = (): Node => {
    if (++depth > depthMax) wrong(`groups are nested more than ${depthMax} deep`);
    const items = [parseAll()];
    while (take("|")) items.push(parseAll());
    depth--;
    return items.length === 1 && items[0] ? items[0] : { is: "any", items };
  };
  const parseAll = (): Node => {
    const items: Node[] = [];
    while (at < source.length && peek() !== "|" && peek() !== ")") items.push(parseRepeat());
    return { is: "all", items };
  };
  const parseRepeat = (): Node => {
    let item = parseAtom();
    for (;;) {
      const bounds = readBounds();
      if (bounds === null) return item;
      if (item.is === "assert") wrong("an anchor cannot be repeated");
      if (peek() === "+") wrong("possessive repetition cannot be matched in linear time");
      // Whether it is greedy does not matter for whether it matches.
      take("?");
      item = { is: "repeat", item, ...bounds };
    }
  };
  const readBounds = (): { min: number; max: number } | null => {
    if (take("*")) return { min: 0, max: Infinity };
    if (take("+")) return { min: 1, max: Infinity };
    if (take("?")) return { min: 0, max: 1 };
    const counted = /^\{(\d{1,6})(,(\d{0,6}))?\}/.exec(source.slice(at, at + 20));
    if (!counted) return null;
    at += counted[0].length;
    const min = Number(counted[1]);
    const max = counted[2] === undefined ? min : counted[3] === "" ? Infinity : Number(counted[3]);
    if (min > max) wrong("a repetition ends before it begins");
    if (min > repeatMax || (max !== Infinity && max > repeatMax))
      wrong(`a repetition may have ${repeatMax} at the most`);
    return { min, max };
  };
  const parseAtom = (): Node => {
    if (take("(")) return parseGroup();
    if (take("[")) return set(parseSet());
    if (take(".")) return set(complement(lineEnds));
    if (take("^")) return { is: "assert", what: "start" };
    if (take("$")) return { is: "assert", what: "end" };
    if (take("\\")) return parseEscape();
    if ("*+?".includes(peek())) wrong(`there is nothing before ${peek()} to repeat`);
    return set(unit(source.charCodeAt(at++)));
  };
  const parseGroup = (): Node => {
    if (/^\?(=|!|<=|<!)/.test(source.slice(at, at + 3))) wrong("look-around cannot be matched in linear time");
    const named = /^\?(:|P?<[A-Za-z_]\w*>)/.exec(source.slice(at, at + 60));
    if (named) at += named[0].length;
    else if (peek() === "?") wrong("this kind of group is not known");
    const inner = parseAny();
    if (!take(")")) wrong("a group is not closed");
    return inner;
  };
  const parseEscape = (): Node => {
    const what = assertions[peek()];
    if (what !== undefined) {
      at++;
      return { is: "assert", what };
    }
    if (/[1-9k]/.test(peek())) wrong("back-references cannot be matched in linear time");
    return set(escaped());
  };
  const escaped = (): readonly Range[] => {
    const letter = peek();
    if (letter === "") wrong("it ends with a backslash");
    at++;
    if (classes[letter]) return classes[letter];
    if (controls[letter] !== undefined) return unit(controls[letter]);
    const hex = letter === "x" ? 2 : letter === "u" ? 4 : 0;
    if (hex > 0) {
      const digits = source.slice(at, at + hex);
      if (digits.length < hex || !/^[0-9a-f]+$/i.test(digits)) wrong(`\\${letter} needs ${hex} hexadecimal digits`);
      at += hex;
      return unit(Number.parseInt(digits, 16));
    }
    if (/[A-Za-z]/.test(letter)) wrong(`\\${letter} is not known`);
    return unit(letter.charCodeAt(0));
  };
  const parseSet = (): Range[] => {
    const negated = take("^");
    const ranges: Range[] = [];
    for (let first = true; first || peek() !== "]"; first = false) {
      if (at >= source.length) wrong("a set of characters is not closed");
      const low = setItem();
      const only = low.length === 1 && low[0] && low[0][0] === low[0][1] ? low[0][0] : null;
      const isRange = only !== null && peek() === "-" && !["]", ""].includes(source[at + 1] ?? "");
      if (!isRange) {
        ranges.push(...low);
        continue;
      }
      at++;
      const high = setItem()[0];
      if (!high || high[0] !== high[1] || high[0] < only) wrong("a range in a set of characters ends before it begins");
      else ranges.push([only, high[0]]);
    }
    at++;
    return negated ? complement(ignoreCase ? fold(ranges) : ranges) : ranges;
  };
  const setItem = (): readonly Range[] => {
    if (source.startsWith("[:", at)) wrong("names of classes such as [:alpha:] are not known");
    if (!take("\\")) return unit(source.charCodeAt(at++));
    if (take("b")) return unit(8);
    return escaped();
  };

  const tree = parseAny();
  if (at < source.length) wrong("a group is closed that was not opened");
  return tree;
}
