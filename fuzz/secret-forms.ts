import fc, { type Arbitrary } from "fast-check";

/** A way to write a secret, made without any code of what looks for it. */
export interface SecretForm {
  readonly name: string;
  readonly write: (value: string) => Buffer;
}

const every = (value: string, write: (byte: number) => string): string => [...Buffer.from(value)].map(write).join("");
const hex2 = (byte: number): string => byte.toString(16).padStart(2, "0");
const percent = (value: string): string => every(value, (byte) => `%${hex2(byte)}`);
const units = (value: string): string[] =>
  Array.from({ length: value.length }, (_, index) => value.charCodeAt(index).toString(16));
const jsonEscaped = (value: string): string =>
  units(value)
    .map((unit) => `\\u${unit.padStart(4, "0")}`)
    .join("");
const entities = (value: string, base: 10 | 16): string =>
  [...value].map((one) => `&#${base === 16 ? "x" : ""}${(one.codePointAt(0) ?? 0).toString(base)};`).join("");

const text = (name: string, write: (value: string) => string): SecretForm => ({
  name,
  write: (value) => Buffer.from(write(value)),
});
const inBase64 = (before: string, after: string, forUrls: boolean): SecretForm => ({
  name: `base64 behind ${before.length}`,
  write: (value) => Buffer.from(Buffer.from(`${before}${value}${after}`).toString(forUrls ? "base64url" : "base64")),
});

/** Every form that docs/security.md promises. */
export const secretForm: Arbitrary<SecretForm> = fc.oneof(
  fc.constantFrom(
    text("plain", (value) => value),
    text("percent", percent),
    text("percent, capital", (value) => percent(value).toUpperCase()),
    text("percent twice", (value) => percent(percent(value))),
    text("for URLs", encodeURIComponent),
    text("form", (value) => new URLSearchParams({ v: value }).toString().slice(2)),
    text("JSON", (value) => JSON.stringify(value).slice(1, -1)),
    text("JSON twice", (value) => JSON.stringify(JSON.stringify(value))),
    text("JSON escapes", jsonEscaped),
    text("HTML", (value) => entities(value, 10)),
    text("HTML, hexadecimal", (value) => entities(value, 16)),
    text("hexadecimal", (value) => Buffer.from(value).toString("hex")),
    text("hexadecimal with colons", (value) =>
      Buffer.from(value)
        .toString("hex")
        .replaceAll(/(..)(?!$)/g, "$1:"),
    ),
    text("backwards", (value) => [...value].toReversed().join("")),
    text("capitals", (value) => value.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase())),
    { name: "UTF-16", write: (value) => Buffer.from(value, "utf16le") },
    { name: "UTF-16, big end first", write: (value) => Buffer.from(value, "utf16le").swap16() },
  ),
  fc
    .record({
      before: fc.stringMatching(/^[a-z]{0,2}$/),
      after: fc.stringMatching(/^[a-z]{0,2}$/),
      forUrls: fc.boolean(),
    })
    .map(({ before, after, forUrls }) => inBase64(before, after, forUrls)),
);

/** What a slot takes: no control characters, whole characters. */
export const secretValue: Arbitrary<string> = fc
  .oneof(
    fc.stringMatching(/^[A-Za-z0-9_./+-]{8,40}$/),
    fc.string({ unit: fc.constantFrom(..."\"'\\%+&=#?/ é€😀<>;:,aB41"), minLength: 8, maxLength: 40 }),
    fc.string({ unit: "grapheme", minLength: 8, maxLength: 30 }),
  )
  .filter((value) => !/\p{Cc}/u.test(value) && value.isWellFormed() && new Set(value).size >= 4);
