import fc from "fast-check";
import { expect, it } from "vitest";
import { testAnswer } from "../lookups/fixtures.ts";
import { cachedAnswerOf } from "./cached-answer.ts";
import { createSeal, sealedHeadBytes } from "./sealed-answer.ts";

const seal = createSeal([{ key: Buffer.alloc(32, 7) }]);
const lifetimes = { foundSeconds: 60, notFoundSeconds: 60, failedSeconds: 0, staleSeconds: 0 };
const answerOf = (data: unknown) =>
  cachedAnswerOf(testAnswer("any", { data: data as string }), { kind: "DOMAIN", data: "a.example" }, lifetimes, "f1");

it("opens what it wrote, whatever the source said", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (data, generation) => {
      const answer = answerOf(JSON.parse(JSON.stringify(data)));
      expect(seal.read("name", seal.write("name", answer, generation))).toEqual({ answer, generation });
    }),
  );
});

it("knows from the beginning of a text until when the answer is kept, and under which generation", () => {
  const generation = "a".repeat(60);
  const answer = answerOf("zwölf".repeat(1_000));
  const text = seal.write("name", answer, generation);
  const beginning = Buffer.from(text).subarray(0, sealedHeadBytes).toString();
  const { expiresAtMs, goneAtMs, fetchedAtMs } = answer;
  expect(seal.readHead("name", beginning)).toMatchObject({ expiresAtMs, goneAtMs, fetchedAtMs, generation });
  expect(seal.readHead("another name", beginning)).toBeNull();
  expect(seal.readHead("name", beginning.replace(String(goneAtMs), String(goneAtMs + 1)))).toBeNull();
  expect(seal.readHead("name", beginning.slice(0, beginning.indexOf("\n")))).toBeNull();
});

it("opens nothing else, and never throws", () => {
  const text = seal.write("name", answerOf({ list: [1, 2, 3], text: "zwölf" }), "..");
  const cut = fc.nat(text.length).map((at) => text.slice(0, at));
  const changed = fc
    .tuple(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 3 }))
    .map(([at, other]) => `${text.slice(0, at)}${other}${text.slice(at + 1)}`);
  fc.assert(
    fc.property(
      fc.oneof(
        cut,
        changed,
        fc.string(),
        fc.string().map((tail) => text + tail),
      ),
      (hostile) => {
        expect(seal.read("name", hostile) === null).toBe(hostile !== text);
      },
    ),
    { numRuns: 2_000 },
  );
  expect(seal.read("another name", text)).toBeNull();
});
