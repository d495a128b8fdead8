import { createHash } from "node:crypto";

const digits = 62n;

/** An id that is always the same for the same words, whoever makes it: what is made once more under it is the same thing. */
export function derivedId(...words: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(words)).digest();
  const number = BigInt.asUintN(Number(digits), hash.readBigUInt64BE());
  return number.toString(36).padStart(12, "0").slice(-12);
}
