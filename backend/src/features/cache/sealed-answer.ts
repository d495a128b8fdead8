import { createHmac, hash, timingSafeEqual } from "node:crypto";
import type { AskedIndicator } from "./cache-key.ts";
import type { CachedAnswer, Said } from "./cached-answer.ts";

/** An answer as text for a place that others may write to: whatever Assay did not write there itself, under this name, is not read. */
export interface Seal {
  write(name: string, answer: CachedAnswer, generation: string): string;
  /** null: it is not ours, or not of this name. */
  read(name: string, text: string): { readonly answer: CachedAnswer; readonly generation: string } | null;
  /** What is known of an answer from the first `sealedHeadBytes` of its text; null: it is not ours, or not of this name. */
  readHead(name: string, beginning: string): SealedHead | null;
}

export interface SealedHead extends Pick<CachedAnswer, "fetchedAtMs" | "expiresAtMs" | "goneAtMs" | "flight"> {
  readonly generation: string;
  /** SHA-256 of what comes behind the head, in base64url: the seal of the head is one of all of it. */
  readonly restDigest: string;
}

/** More than any head has with its seal. */
export const sealedHeadBytes = 512;
/** Base64url of a SHA-256. */
const macChars = 43;

/** The first key seals, all of them open. A text is a seal, the head, and in lines of their own the indicator and what was said. */
export function createSeal(keys: readonly { readonly key: Buffer }[]): Seal {
  const derived = keys.map(({ key }) => createHmac("sha256", key).update("assay cache").digest());
  const macOf = (key: Buffer, name: string, head: string): string =>
    createHmac("sha256", key).update(`${name}\n${head}`).digest("base64url");
  const readHead: Seal["readHead"] = (name, beginning) => {
    const head = beginning.slice(macChars, Math.max(0, beginning.indexOf("\n")));
    const mac = Buffer.from(beginning.slice(0, macChars));
    const isOurs = derived.some((key) => {
      const expected = Buffer.from(macOf(key, name, head));
      return mac.length === expected.length && timingSafeEqual(mac, expected);
    });
    return isOurs ? (JSON.parse(head) as SealedHead) : null;
  };
  return {
    readHead,
    write(name, { said: _said, json, indicator, ...times }, generation) {
      const [first] = derived;
      if (!first) throw new Error("a seal needs a key");
      // JSON text has no line break of its own.
      const rest = `${JSON.stringify(indicator)}\n${json}`;
      const head = JSON.stringify({ ...times, generation, restDigest: digestOf(rest) } satisfies SealedHead);
      return `${macOf(first, name, head)}${head}\n${rest}`;
    },
    read(name, text) {
      const head = readHead(name, text);
      const rest = text.slice(text.indexOf("\n") + 1);
      if (!head || digestOf(rest) !== head.restDigest) return null;
      const { generation, restDigest: _digest, ...times } = head;
      const end = rest.indexOf("\n");
      const indicator = JSON.parse(rest.slice(0, end)) as AskedIndicator;
      const json = rest.slice(end + 1);
      return { answer: { ...times, indicator, said: JSON.parse(json) as Said, json }, generation };
    },
  };
}

function digestOf(text: string): string {
  return hash("sha256", text, "base64url");
}
