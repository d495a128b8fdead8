// What an isolate may ask its host and wait for: things the standard library does better than a boot script could.
import { createHash, createHmac, randomBytes } from "node:crypto";
import { syncCharsMax } from "./limits.js";

const hashes = new Map([
  ["SHA-1", "sha1"],
  ["SHA-256", "sha256"],
  ["SHA-384", "sha384"],
  ["SHA-512", "sha512"],
]);
const urlParts = [
  "href",
  "origin",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
];
const changeableParts = new Set(urlParts.filter((name) => name !== "origin"));

/** @param {URL} url */
const partsOf = (url) => JSON.stringify(Object.fromEntries(urlParts.map((name) => [name, url[name]])));

/** @type {Record<string, (values: unknown[]) => string>} */
const questions = {
  __proto__: null,
  url: ([text, base]) => partsOf(new URL(String(text), base === undefined ? undefined : String(base))),
  urlWith([text, part, value]) {
    if (!changeableParts.has(part)) return "";
    const url = new URL(String(text));
    url[part] = String(value);
    return partsOf(url);
  },
  digest([name, base64]) {
    const hash = hashes.get(name);
    return hash === undefined ? "" : createHash(hash).update(String(base64), "base64").digest("base64");
  },
  hmac([name, key, base64]) {
    const hash = hashes.get(name);
    if (hash === undefined) return "";
    return createHmac(hash, Buffer.from(String(key), "base64"))
      .update(String(base64), "base64")
      .digest("base64");
  },
  random: ([length]) =>
    Number.isInteger(length) && length >= 0 && length <= 65_536 ? randomBytes(length).toString("base64") : "",
};

/** Answers one question with text; empty when it makes no sense. Never throws: an error's text would tell of the host. */
export function answerQuestion(name, json) {
  try {
    if (typeof json !== "string" || json.length > syncCharsMax) return "";
    return questions[name]?.(JSON.parse(json)) ?? "";
  } catch {
    return "";
  }
}
