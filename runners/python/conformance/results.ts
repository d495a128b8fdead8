import { source, type Attack } from "./attack.ts";

/** Results that are not JSON, and what becomes of them. */
export const results: readonly Attack[] = (
  [
    ["a", "nothing", "return None", "BAD_RESPONSE", /returned nothing/],
    ["b", "NaN", "return {'a': float('nan')}", "BAD_RESPONSE", /JSON/],
    ["c", "infinity", "return [float('inf')]", "BAD_RESPONSE", /JSON/],
    ["d", "bytes", "return {'a': b'x'}", "BAD_RESPONSE", /bytes/],
    ["e", "a set", "return {1, 2}", "BAD_RESPONSE", /set/],
    ["f", "keys that are tuples", "return {(1, 2): 3}", "BAD_RESPONSE", /tuple/],
    ["g", "a cycle", "a = []\na.append(a)\nreturn a", "BAD_RESPONSE", /[Cc]ircular/],
    ["h", "nested without end", "a = []\nfor _ in range(100000): a = [a]\nreturn a", "BAD_RESPONSE", /deep/],
    ["i", "nested 500 deep", "a = []\nfor _ in range(500): a = [a]\nreturn a", "BAD_RESPONSE", /deep/],
    ["j", "a number of 5,000 digits", "return 10 ** 5000", "BAD_RESPONSE", /digits/],
    ["k", "50 MB", "return 'x' * 50_000_000", "BAD_RESPONSE", /50000002 bytes/],
  ] as const
).map(([letter, attack, body, code, message]) => {
  return {
    id: `Y27${letter}`,
    attack: `returns ${attack}`,
    code: source(body),
    expect: { outcome: "failed", code, message },
  } as const;
});

export const oddResults: readonly Attack[] = (
  [
    ["l", "halves of characters", `return ["\\ud83d\\ude00", "a\\ud800", "\\0"]`, ["😀", "a\ufffd", "\0"]],
    ["m", "keys twice", "return {1: 'a', '1': 'b'}", { "1": "b" }],
    ["n", "__proto__", "return {'__proto__': {'polluted': 1}, 'constructor': 2}", { constructor: 2 }],
    ["o", "a class of its own", "class D(dict):\n    def items(self): return [('a', 1)]\nreturn D(b=2)", { a: 1 }],
    ["p", "falsehood", "return False", false],
  ] as const
).map(([letter, attack, body, json]) => {
  return {
    id: `Y27${letter}`,
    attack: `returns ${attack}`,
    code: source(body),
    expect: { outcome: "returned", json },
  } as const;
});
