import { answering, refusedResult } from "./endings.ts";
import { source, type Row } from "./python-code.ts";

const refused: readonly Row[] = (
  [
    ["", "nothing", "return None", /returned nothing/],
    ["b", "NaN", "return {'a': float('nan')}", /JSON/],
    ["c", "infinity", "return [float('inf')]", /JSON/],
    ["d", "bytes", "return {'a': b'x'}", /bytes/],
    ["e", "a set", "return {1, 2}", /set/],
    ["f", "keys that are tuples", "return {(1, 2): 3}", /tuple/],
    ["g", "a cycle", "a = []\na.append(a)\nreturn a", /[Cc]ircular/],
    ["h", "nested without end", "a = []\nfor _ in range(100000): a = [a]\nreturn a", /deep/],
    ["i", "nested 500 deep", "a = []\nfor _ in range(500): a = [a]\nreturn a", /deep/],
    ["j", "a number of 5,000 digits", "return 10 ** 5000", /digits/],
    ["k", "50 MB", "return 'x' * 50_000_000", /50000002 bytes/],
  ] as const
).map(([letter, what, body, message]) => {
  // Far more than 50 MB of text take, also on a busy machine.
  return {
    id: `Y27${letter}`,
    name: `returns ${what}`,
    code: source(body),
    ...refusedResult(message),
    timeoutMs: 30_000,
  };
});

const mapped: readonly Row[] = (
  [
    ["l", "halves of characters", `return ["\\ud83d\\ude00", "a\\ud800", "\\0"]`, ["😀", "a\ufffd", "\0"]],
    ["m", "keys twice", "return {1: 'a', '1': 'b'}", { "1": "b" }],
    [
      ...(["n", "__proto__", "return {'__proto__': {'polluted': 1}, 'constructor': 2}"] as const),
      JSON.parse('{"__proto__":{"polluted":1},"constructor":2}'),
    ],
    ["o", "a class of its own", "class D(dict):\n    def items(self): return [('a', 1)]\nreturn D(b=2)", { a: 1 }],
    ["p", "falsehood", "return False", false],
    [
      ...(["q", "texts and numbers of its own"] as const),
      "class S(str):\n    def __repr__(self): return '}{'\nclass I(int):\n    def __repr__(self): return '}{'\nreturn {S('k'): I(7)}",
      { k: 7 },
    ],
    ["r", "a number beyond 2^53", "return {'n': 2 ** 60}", { n: 2 ** 60 }],
  ] as const
).map(([letter, what, body, result]) => {
  const ending = answering(result, "becomes what JSON has for it", "the documented mapping; checked again outside");
  return { id: `Y27${letter}`, name: `returns ${what}`, code: source(body), ...ending };
});

/** Results that are not JSON, and what becomes of them. */
export const resultRows: readonly Row[] = [...refused, ...mapped];
