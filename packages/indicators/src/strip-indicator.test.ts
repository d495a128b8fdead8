import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalise, type IndicatorKind, stripIndicator, type StripPart, stripParts } from "./index.ts";

const all = stripParts;
const url = "https://anna:secret@login.example/reset?mail=anna@example.org#token=1?2";

test.each<[IndicatorKind, string, readonly StripPart[], string, StripPart[]]>([
  ["URL", url, [], url, []],
  ["URL", url, ["url_query"], "https://anna:secret@login.example/reset#token=1?2", ["url_query"]],
  ["URL", url, ["url_fragment"], "https://anna:secret@login.example/reset?mail=anna@example.org", ["url_fragment"]],
  ["URL", url, ["url_userinfo"], "https://login.example/reset?mail=anna@example.org#token=1?2", ["url_userinfo"]],
  ["URL", url, all, "https://login.example/reset", ["url_query", "url_fragment", "url_userinfo"]],
  ["URL", "http://host.example/?", all, "http://host.example/", ["url_query"]],
  ["URL", "http://host.example/a@b", all, "http://host.example/a@b", []],
  ["URL", "http://host.example\\@other.example/?q", all, "http://host.example\\@other.example/", ["url_query"]],
  ["URL", "ftp://u@[2001:db8::1]:2121/", all, "ftp://[2001:db8::1]:2121/", ["url_userinfo"]],
  ["IPV4", "192.0.2.1", all, "192.0.2.1", []],
  ["EMAIL", "anna@example.org", ["url_query"], "anna@example.org", []],
])("of the %s %s, without %j, leaves %s", (kind, data, parts, left, stripped) => {
  expect(stripIndicator({ kind, data }, parts)).toEqual({ kind, data: left, stripped });
});

test("an e-mail address without its local part is a question about its domain", () => {
  expect(stripIndicator({ kind: "EMAIL", data: "anna@example.org" }, all)).toEqual({
    kind: "DOMAIN",
    data: "example.org",
    stripped: ["email_local_part"],
  });
});

/** Whatever is written in a part that is to be stripped, none of it is left, and what is left is canonical. */
test("nothing of a stripped part is left", () => {
  const secret = fc.string({ unit: fc.constantFrom(..."XYZ&=%@:;?/#[]."), minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(secret, secret, secret, (user, query, fragment) => {
      const text = `https://${user}@host.example/path?${query}#${fragment}`;
      const canonical = canonicalise("URL", text);
      // Where the user has a slash in it, that is where the host ends: another URL, and just as well stripped.
      fc.pre(canonical.ok);
      const left = stripIndicator({ kind: "URL", data: canonical.ok ? canonical.data : "" }, all);
      expect(left?.data).not.toMatch(/[?#]/);
      expect(left?.data.split("/")[2]).not.toContain("@");
      expect(canonicalise("URL", left?.data ?? "")).toEqual({ ok: true, data: left?.data });
    }),
  );
});
