import { hash, timingSafeEqual } from "node:crypto";
import { customAlphabet } from "nanoid";

/** 40 letters and digits are 238 random bits. */
const newSecret = customAlphabet("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 40);
const pattern = /^([0-9a-z]{12})_([0-9A-Za-z]{40})$/;

/** A new value `<id>_<secret>` for the token, and what is kept of it. */
export function newTokenValue(id: string): { value: string; secretHash: string } {
  const secret = newSecret();
  return { value: `${id}_${secret}`, secretHash: hashSecret(secret) };
}

/** null: it does not look like a token. */
export function parseTokenValue(value: string): { id: string; secretHash: string } | null {
  const [, id, secret] = pattern.exec(value) ?? [];
  return id === undefined || secret === undefined ? null : { id, secretHash: hashSecret(secret) };
}

export function sameSecret(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function hashSecret(secret: string): string {
  return hash("sha256", secret);
}
