import { createHash } from "node:crypto";

/** A UUID of version 5 (RFC 9562): the same for the same name in the same namespace. */
export function uuidV5(namespace: string, name: string): string {
  const hash = createHash("sha1")
    .update(Buffer.from(namespace.replaceAll("-", ""), "hex"))
    .update(name)
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex", 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The namespace of the ids that are Assay's own: uuidV5 of the RFC's URL namespace and "urn:assay". */
export const assayNamespace = uuidV5("6ba7b811-9dad-11d1-80b4-00c04fd430c8", "urn:assay");
