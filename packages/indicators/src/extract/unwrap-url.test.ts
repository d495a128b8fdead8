import { expect, test } from "vitest";
import { extract, unwrapUrl } from "../index.ts";

const encoded = (text: string): string => encodeURIComponent(text);
const safeLinks = (url: string): string =>
  `https://nam01.safelinks.protection.outlook.com/?url=${encoded(url)}&data=05%7C01`;
const base64 = (text: string): string => Buffer.from(text).toString("base64url");

test.each([
  ["Microsoft Safe Links", safeLinks("https://evil.com/a?b=1&c=2"), "https://evil.com/a?b=1&c=2"],
  [
    "Proofpoint URL Defense",
    "https://urldefense.proofpoint.com/v1/url?u=http://evil.com/a%3Fb%3D1&k=abc%3D&r=x",
    "http://evil.com/a?b=1",
  ],
  [
    "Proofpoint URL Defense",
    "https://urldefense.proofpoint.com/v2/url?u=https-3A__evil.com_a-5Fb-3Fc-3D1-26d-3D2&d=DwMFaQ&c=x",
    "https://evil.com/a_b?c=1&d=2",
  ],
  ["Proofpoint URL Defense", "https://urldefense.com/v3/__https://evil.com/a__;!!abc!x$", "https://evil.com/a"],
  // One replaced character, and a run of three ("**B").
  [
    "Proofpoint URL Defense",
    `https://urldefense.com/v3/__https://evil.com/a*b/**Bc__;${base64("äxyz")}!!abc!x$`,
    "https://evil.com/aäb/xyzc",
  ],
  ["Proofpoint URL Defense", "https://urldefense.com/v3/__https:/evil.com/a__;!!abc!x$", "https://evil.com/a"],
  ["Google redirect", "https://www.google.co.uk/url?sa=t&q=https%3A%2F%2Fevil.com%2Fa&usg=x", "https://evil.com/a"],
  ["Google redirect", "https://google.com/url?sa=t&url=http%3A%2F%2Fevil.com", "http://evil.com/"],
])("%s: %s", (wrapper, link, url) => {
  expect(unwrapUrl(link)).toEqual({ url, wrappers: [wrapper] });
  expect(extract(`Click <${link}> now`).indicators).toMatchObject([
    { kind: "URL", data: url, raw: link, unwrappedFrom: link },
  ]);
});

test("links wrapped several times are unwrapped to the end, and defanged ones, too", () => {
  const link = safeLinks("https://urldefense.com/v3/__https://evil.com/a__;!!abc!x$").replaceAll(".", "[.]");
  expect(unwrapUrl(link)).toEqual({
    url: "https://evil.com/a",
    wrappers: ["Microsoft Safe Links", "Proofpoint URL Defense"],
  });
});

test.each([
  "https://evil.com/?url=http%3A%2F%2Fa.com",
  "https://safelinks.protection.outlook.com.evil.com/?url=http%3A%2F%2Fa.com",
  "https://notgoogle.com/url?q=http://a.com",
  "https://www.google.com/url?q=%ZZ",
  "https://www.google.com/url?q=javascript:alert(1)",
  "https://urldefense.com/v3/__https://evil.com/**Zb__;QQ!!abc!x$",
  "https://urldefense.com/v3/__https://evil.com/*b__;%%!!abc!x$",
  "no link",
])("%s is taken as it stands", (link) => {
  expect(unwrapUrl(link)).toBeNull();
});
