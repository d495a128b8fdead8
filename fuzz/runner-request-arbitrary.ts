import { createHash } from "node:crypto";
import { RunnerService, type SourceCall } from "@assay/proto";
import fc, { type Arbitrary } from "fast-check";

export type Method = keyof typeof RunnerService;

export interface KnownSource {
  readonly sourceId: string;
  readonly codeHash: string;
  readonly code: string;
}

export function knownSource(sourceId: string, code: string): KnownSource {
  return { sourceId, code, codeHash: createHash("sha256").update(code).digest("hex") };
}

export const calm = knownSource("calm", "export function fetchData({ data }, { config }) { return { data, config }; }");
export const failing = knownSource(
  "failing",
  'export function fetchData({ data }) { throw new Error(data + "\\ud800"); }',
);
const broken = knownSource("broken", "export function fetchData( {");
const known = [calm, failing, broken];

const text: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "",
    "\ud800",
    "\udc00\ud800",
    "\u0000",
    "__proto__",
    "constructor",
    "x".repeat(5000),
    "é\u202e",
    calm.sourceId,
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const hash = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...known.map(({ codeHash }) => codeHash)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      "0".repeat(63),
      "A".repeat(64),
      `${calm.codeHash} `,
      calm.codeHash.toUpperCase(),
      "é".repeat(64),
    ),
  },
  { weight: 1, arbitrary: fc.constant("f".repeat(64)) },
);
const config = fc.oneof(
  { weight: 3, arbitrary: fc.constant("{}") },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3, stringUnit: "binary" }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...["", "[]", "null", "{", '{"__proto__":{"x":1}}', '{"a":"\\ud800"}', '{"a":1e400}', "{}},{", '{"a":"\u2028"}'],
      ...[`{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`, `{"a":"${"x".repeat(100_000)}"}`],
    ),
  },
);
const timeoutMs = fc.oneof(
  { weight: 6, arbitrary: fc.constant(1000) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(1, 0, 3_600_000, 3_600_001, 2 ** 32 - 1, 2 ** 32, -1, 1.5, Number.NaN, 1e300),
  },
);
const sourceCall: Arbitrary<SourceCall> = fc.record({
  sourceId: fc.oneof(fc.constantFrom("calm", "failing", "broken", "other"), text),
  ...{ codeHash: hash, timeoutMs, configJson: config, hosts: fc.array(text, { maxLength: 3 }) },
  secrets: fc.array(
    fc.record({ name: text, value: text, hosts: fc.array(text, { maxLength: 2 }), exposed: fc.boolean() }),
    {
      maxLength: 2,
    },
  ),
});

const requests: { readonly [Name in Method]: Arbitrary<unknown> } = {
  Init: fc.record({ sources: fc.array(fc.record({ sourceId: text, codeHash: hash }), { maxLength: 5 }) }),
  Update: fc.oneof(
    fc.constantFrom<unknown>(...known),
    fc.record({ sourceId: text, codeHash: hash, code: text }),
    text.map((code) => ({ ...knownSource("updated", code) })),
  ),
  Delete: fc.record({ sourceId: text.filter((id) => id !== calm.sourceId) }),
  // Nothing that leads out of this machine: what is no URL, and what the broker refuses.
  Download: fc.record({
    url: fc.oneof(
      text,
      fc.constantFrom(
        "http://127.0.0.1:9/",
        "http://[::1]/x",
        "https://metadata.google.internal/",
        "ftp://a/",
        "//a",
        "http://",
      ),
    ),
    etag: text,
    lastModified: text,
    bytesMax: fc.constantFrom(0, 1, 2 ** 32 - 1, -1, Number.NaN),
    timeoutMs,
  }),
  FetchData: fc.record({
    lookupId: text,
    indicator: fc.oneof(
      { weight: 6, arbitrary: fc.record({ data: text, kind: fc.constantFrom("IPV4", "") }) },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    sources: fc.array(sourceCall, { maxLength: 5 }),
    background: fc.boolean(),
  }),
};

export interface Asked {
  readonly method: Method;
  readonly bytes: Buffer;
}

/** Messages as bytes: well formed with hostile values, changed anywhere, or nothing but bytes. */
export function askedWith(change: (bytes: Buffer) => Arbitrary<Buffer>): Arbitrary<Asked> {
  const methods: Method[] = ["FetchData", "FetchData", "FetchData", "Init", "Update", "Delete", "Download"];
  return fc.constantFrom(...methods).chain((method) => {
    const formed = requests[method].map((request) => {
      const serialize = RunnerService[method].requestSerialize as (value: unknown) => Buffer;
      return serialize(request);
    });
    const bytes = fc.oneof(
      { weight: 5, arbitrary: formed },
      { weight: 3, arbitrary: formed.chain(change) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((random) => Buffer.from(random)) },
    );
    return bytes.map((message) => ({ method, bytes: message }));
  });
}
