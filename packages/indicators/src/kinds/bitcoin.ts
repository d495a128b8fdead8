import { sha256 } from "../digest/sha256.ts";
import { type KindRule, type ParseResult, right, wrong } from "../kind-rule.ts";

const base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const bech32Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const bech32Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** Pay-to-public-key-hash (1…) and pay-to-script-hash (3…): version, 20 bytes, 4 bytes of a double SHA-256. */
function parseBase58(text: string): ParseResult {
  // Digit by digit into bytes: a text full of near misses is checked in linear time, and BigInt would be ten times slower.
  const bytes = new Uint8Array(25);
  let first = 25;
  for (const character of text) {
    let carry = base58Alphabet.indexOf(character);
    if (carry < 0) return wrong(`“${character}” is not a base58 character`);
    for (let i = 24; i >= 0 && (i >= first || carry > 0); i--) {
      if (i < first) first = i;
      carry += 58 * bytes[i]!;
      bytes[i] = carry & 0xff;
      carry >>= 8;
    }
    if (carry > 0) return wrong("it is too long");
  }
  const isCanonicalLength = text.length - text.replace(/^1+/, "").length === bytes.findIndex((byte) => byte !== 0);
  if (bytes[0] !== 0 && bytes[0] !== 5) return wrong("its checksum is wrong");
  const checksum = sha256(sha256(bytes.subarray(0, 21)));
  const matches = [0, 1, 2, 3].every((i) => bytes[21 + i] === checksum[i]);
  return matches && isCanonicalLength ? right(text) : wrong("its checksum is wrong");
}

/** Segregated witness addresses: bech32 for version 0, bech32m for the later ones (BIP 173, BIP 350). */
function parseBech32(text: string): ParseResult {
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return wrong("it mixes upper and lower case");
  const lower = text.toLowerCase();
  const values = Array.from(lower.slice(3), (character) => bech32Alphabet.indexOf(character));
  if (values.includes(-1)) return wrong("it has a character that bech32 does not know");
  if (lower.length > 90 || values.length < 8) return wrong("it is too short or too long");
  let check = 1;
  for (const value of [3, 3, 0, 2, 3, ...values]) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [i, term] of bech32Generator.entries()) if ((top >>> i) & 1) check ^= term;
  }
  const expected = values[0] === 0 ? 1 : 0x2bc830a3;
  const programBytes = Math.floor(((values.length - 7) * 5) / 8);
  const fits = values[0] === 0 ? programBytes === 20 || programBytes === 32 : programBytes >= 2 && programBytes <= 40;
  return check === expected && fits && (values[0] ?? 32) <= 16 ? right(lower) : wrong("its checksum is wrong");
}

export const bitcoinRule: KindRule = {
  parse: (text) => {
    const bare = text.replace(/^bitcoin:/i, "");
    if (/^bc1/i.test(bare)) return bare.length <= 90 ? parseBech32(bare) : wrong("it is too long");
    if (!/^[13]/.test(bare)) return wrong("it does not begin with 1, 3 or bc1");
    return bare.length >= 25 && bare.length <= 35 ? parseBase58(bare) : wrong("it does not have 25 to 35 characters");
  },
};
