import fc from "fast-check";
import { expect, test } from "vitest";
import { finish } from "./in-slices.ts";
import { redactBytes, redactJson, redactText } from "./redact.ts";
import { needlesOf } from "./value-needles.ts";

const redactionOf = (value: string) => ({ needles: needlesOf(value), replacement: "[secret KEY]" });

test("a result stays valid JSON, whatever the secret is and wherever it stands", () => {
  const value = fc.string({ unit: fc.constantFrom(...'"\\{}[]:, -.0123abé😀\u2028'), minLength: 6, maxLength: 20 });
  fc.assert(
    fc.property(value, fc.jsonValue(), fc.string(), (secret, other, beside) => {
      const result = { other, [`${beside}${secret}`]: [secret, `${beside}${secret}${beside}`, { deep: secret }] };
      const redacted = finish(redactJson(JSON.stringify(result), [redactionOf(secret)]));
      const kept = JSON.parse(redacted) as object;
      const strings: string[] = [];
      JSON.stringify(kept, (key, text: unknown) => {
        strings.push(key, ...(typeof text === "string" ? [text] : []));
        return text;
      });
      expect(strings.filter((text) => text.includes(secret))).toEqual([]);
    }),
  );
});

test("numbers and names of a result are looked through, what has nothing in it stays as it was written", () => {
  const redactions = [redactionOf("12345678")];
  expect(finish(redactJson('{"n":12345678,"f":-9912345678.5e3,"12345678":1.50}', redactions))).toBe(
    '{"n":"[secret KEY]","f":"-99[secret KEY].5e3","[secret KEY]":1.50}',
  );
  const exact = '{"big":123456789012345678901234567890,"small":1.0e-7}';
  expect(finish(redactJson(exact, [redactionOf("other-value")]))).toBe(exact);
});

test("a long secret that was cut off, secrets side by side, and secrets in one another", () => {
  const long = Array.from({ length: 100 }, (_, index) => `part${index}`).join("-");
  expect(redactText(`<${long.slice(0, 300)}…>`, [redactionOf(long)])).toBe("<[secret KEY]…>");
  const inner = { needles: needlesOf("inner-value"), replacement: "[secret INNER]" };
  const outer = { needles: needlesOf("an inner-value in it"), replacement: "[secret OUTER]" };
  const text = redactText("<inner-value> <an inner-value in it>", [inner, outer]);
  expect(text).toMatch(/^<\[secret INNER\]> <\[secret (?:INNER|OUTER)\].*>$/);
  expect(text).not.toMatch(/value|in it/);
});

test("short values and bytes without a secret stay untouched, the very same buffer", () => {
  const bytes = Buffer.from("a body with short in it");
  expect(finish(redactBytes(bytes, [redactionOf("short")]))).toBe(bytes);
  expect(finish(redactBytes(bytes, [redactionOf("something else")]))).toBe(bytes);
});
