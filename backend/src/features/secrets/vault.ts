import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { EncryptionKey } from "@assay/process";

/** An encrypted text as it is stored. The tag of 16 bytes stands at the end of the ciphertext. */
export interface Sealed {
  readonly keyId: string;
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

/** What a text belongs to; one that is moved elsewhere does not open. */
export interface Place {
  readonly purpose: string;
  readonly id: string;
}

export type Opened =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: "key_missing" | "unreadable" };

/** Encrypts what must not be read from the database: AES-256-GCM, a random nonce of 96 bits each time. */
export interface Vault {
  /** Id of the key that encrypts. */
  readonly keyId: string;
  seal(place: Place, text: string): Sealed;
  /** Never throws: a key that is missing or wrong makes this one text unusable, and nothing else. */
  open(place: Place, sealed: Sealed): Opened;
}

const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/** The first key encrypts, all of them decrypt. @throws Error when there is none */
export function createVault(keys: readonly EncryptionKey[]): Vault {
  const [first] = keys;
  if (!first) throw new Error("a vault needs a key");
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  return {
    keyId: first.id,
    seal(place, text) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, first.key, nonce, { authTagLength: tagBytes }).setAAD(bound(place));
      const ciphertext = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return { keyId: first.id, nonce, ciphertext };
    },
    open(place, { keyId, nonce, ciphertext }) {
      const key = byId.get(keyId);
      if (!key) return { ok: false, reason: "key_missing" };
      try {
        const end = ciphertext.length - tagBytes;
        const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes }).setAAD(bound(place));
        decipher.setAuthTag(ciphertext.subarray(end));
        const text = Buffer.concat([decipher.update(ciphertext.subarray(0, end)), decipher.final()]).toString("utf8");
        return { ok: true, text };
      } catch {
        return { ok: false, reason: "unreadable" };
      }
    },
  };
}

/** Ids have no line end, so that no two places read the same. */
function bound({ purpose, id }: Place): Buffer {
  return Buffer.from(`${purpose}\n${id}`);
}

/** Where the value of a secret belongs. */
export function placeOfSecret(id: string): Place {
  return { purpose: "secret", id };
}
