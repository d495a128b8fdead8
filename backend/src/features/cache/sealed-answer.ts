import { createHmac, timingSafeEqual } from "node:crypto";
import type { CachedAnswer, Said } from "./cached-answer.ts";

/** An answer as text for a place that others may write to: whatever Assay did not write there itself, under this name, is not read. */
export interface Seal {
  write(name: string, answer: CachedAnswer, generation: string): string;
  /** null: it is not ours, or not of this name. */
  read(name: string, text: string): { readonly answer: CachedAnswer; readonly generation: string } | null;
}

type Head = Omit<CachedAnswer, "said" | "json"> & { readonly generation: string };

/** Base64url of a SHA-256. */
const macChars = 43;

/** The first key seals, all of them open. */
export function createSeal(keys: readonly { readonly key: Buffer }[]): Seal {
  const derived = keys.map(({ key }) => createHmac("sha256", key).update("assay cache").digest());
  const macOf = (key: Buffer, name: string, body: string): string =>
    createHmac("sha256", key).update(`${name}\n${body}`).digest("base64url");
  return {
    write(name, { said: _said, json, ...rest }, generation) {
      const [first] = derived;
      if (!first) throw new Error("a seal needs a key");
      const head: Head = { ...rest, generation };
      // JSON text has no line break of its own.
      const body = `${JSON.stringify(head)}\n${json}`;
      return `${macOf(first, name, body)}${body}`;
    },
    read(name, text) {
      const mac = Buffer.from(text.slice(0, macChars));
      const body = text.slice(macChars);
      const isOurs = derived.some((key) => {
        const expected = Buffer.from(macOf(key, name, body));
        return mac.length === expected.length && timingSafeEqual(mac, expected);
      });
      if (!isOurs) return null;
      const end = body.indexOf("\n");
      const { generation, ...head } = JSON.parse(body.slice(0, end)) as Head;
      const json = body.slice(end + 1);
      return { answer: { ...head, said: JSON.parse(json) as Said, json }, generation };
    },
  };
}
