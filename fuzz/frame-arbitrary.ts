import fc, { type Arbitrary } from "fast-check";

/** Bytes cut anywhere, as a socket may. */
export interface ChunkedBytes {
  readonly bytes: Buffer;
  readonly cuts: readonly number[];
}

export function chunksOf({ bytes, cuts }: ChunkedBytes): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end));
}

type Change =
  | { readonly how: "set"; readonly at: number; readonly value: number }
  | { readonly how: "cut"; readonly at: number; readonly length: number }
  | { readonly how: "insert"; readonly at: number; readonly bytes: Uint8Array };

const change: Arbitrary<Change> = fc.oneof(
  fc.record({ how: fc.constant("set" as const), at: fc.nat(300), value: fc.nat(255) }),
  fc.record({ how: fc.constant("cut" as const), at: fc.nat(300), length: fc.integer({ min: 1, max: 12 }) }),
  fc.record({
    how: fc.constant("insert" as const),
    at: fc.nat(300),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
  }),
);

export function changed(bytes: Buffer, changes: readonly Change[]): Buffer {
  let result = bytes;
  for (const one of changes) {
    const at = one.at % (result.length + 1);
    const rest = result.subarray(one.how === "insert" ? at : at + (one.how === "cut" ? one.length : 1));
    const middle =
      one.how === "set" ? Buffer.from([one.value]) : one.how === "insert" ? Buffer.from(one.bytes) : Buffer.alloc(0);
    result = Buffer.concat([result.subarray(0, at), middle, rest]);
  }
  return result;
}

/** Half of the cases are left whole, so that what comes after the framing is reached as well. */
export const changes = fc.oneof(fc.constant<Change[]>([]), fc.array(change, { maxLength: 4 }));
export const cuts = fc.array(fc.nat(2000), { maxLength: 5 });

const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0,
    1.5,
    401,
    403,
    429,
    999,
    1000,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53,
    1e308,
    -0,
  ),
  fc.constantFrom<unknown>("", "\ud800", "\u0000", "__proto__", "x".repeat(2001), "é".repeat(3000), [], {}),
  fc.string({ unit: "binary", maxLength: 20 }),
);

/** JSON text that says what a sandbox may say, with other values in every place, now and then without or with a place too many. */
export function jsonWith(places: Readonly<Record<string, Arbitrary<unknown>>>): Arbitrary<string> {
  const values = Object.entries(places).map(([name, value]): [string, Arbitrary<unknown>] => [
    name,
    fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: scalar }),
  ]);
  return fc
    .record<Record<string, unknown>>(
      { ...Object.fromEntries(values), extra: scalar },
      { requiredKeys: Object.keys(places).slice(0, 1) },
    )
    .map((value) => JSON.stringify(value));
}

/** JSON of results: ordinary, deep, wide, with numbers and escapes that come out longer than they went in. */
export const resultText: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.json({ maxDepth: 4, stringUnit: "binary" }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom("[", '{"a":', "[[", "[{}", '"[', "\\"), fc.integer({ min: 190, max: 260 }))
      .map(([open, depth]) => `${open.repeat(depth)}1${"]".repeat(depth)}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom("1e20", "1e400", "-0", '"\\ud800"', '"\\udc00\\ud800"', '"é"', "9007199254740993", '"\\u0000"'),
        fc.nat(40),
      )
      .map(([item, count]) => `["\\ud834",${Array.from({ length: count + 1 }, () => item).join(",")}]`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", " ", "null", "nul", "NaN", "[1,]", "'a'", "\ufeff{}", '{"__proto__":{"a":1}}', "01"),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
);

/** Results around a limit, of bytes that are text and of bytes that only become some. */
export function largeResult(bytesMax: number): Arbitrary<Buffer> {
  return fc
    .record({
      over: fc.integer({ min: -2, max: 2 }),
      fill: fc.constantFrom("a", "é", "\xff", "1e20,"),
      close: fc.boolean(),
    })
    .map(({ over, fill, close }) => {
      const bytes = Buffer.alloc(bytesMax + over, Buffer.from(fill, fill === "\xff" ? "latin1" : "utf8"));
      const isList = fill === "1e20,";
      if (isList) bytes.write('["\\ud800",', 0);
      else bytes.write('"', 0);
      if (close) bytes.write(isList ? " 1]" : '"', bytes.length - (isList ? 3 : 1));
      return bytes;
    });
}

/** For what takes long. */
export function rarely<Value>(arbitrary: Arbitrary<Value>): Arbitrary<Value | null> {
  return fc.oneof({ weight: 299, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}
