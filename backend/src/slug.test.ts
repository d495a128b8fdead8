import fc from "fast-check";
import { Slug } from "@assay/contract";
import { expect, test } from "vitest";
import { slugOf } from "./slug.ts";

test.each([
  ["Team Cymru ASN", "team-cymru-asn"],
  ["  24/7 — Über-Straße! ", "24-7-uber-strasse"],
  ["Łódź Æther Øre", "lodz-aether-ore"],
  ["ＦＵＬＬ ｗｉｄｔｈ ①", "full-width-1"],
  ["日本", "source"],
  ["…", "source"],
])("%s becomes %s", (name, slug) => {
  expect(slugOf(name, "source")).toBe(slug);
});

test("whatever the name, the slug is one", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 120 }), (name) => {
      expect(Slug.safeParse(slugOf(name, "source")).success).toBe(true);
    }),
  );
});
