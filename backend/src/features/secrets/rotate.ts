import type { Database, Transaction } from "../../db/database.ts";
import type { SecretRow } from "./queries.ts";
import { placeOfSecret, type Vault } from "./vault.ts";

export interface Rotation {
  /** Values that are encrypted anew. */
  readonly changed: number;
  /** Values that were encrypted under the first key already. */
  readonly kept: number;
}

/** A value cannot be decrypted, so that nothing at all was changed. */
export class RotationError extends Error {
  override name = "RotationError";
}

const batchRows = 100;

/**
 * Encrypts every stored value under the vault's first key, batch by batch; one that was interrupted goes on where it was. Values
 * stay what they are, so that running processes need not be told. First it looks at all of them.
 * @throws RotationError naming the keys that are missing or wrong
 */
export async function rotateKeys(
  { prisma, transaction }: Pick<Database, "prisma" | "transaction">,
  vault: Vault,
  onBatch: (changed: number) => void = () => undefined,
): Promise<Rotation> {
  let kept = 0;
  const faults: string[] = [];
  for (let after = "", rows = await readRows(prisma, after); rows.length > 0; rows = await readRows(prisma, after)) {
    for (const row of rows) {
      const opened = vault.open(placeOfSecret(row.id), row);
      if (!opened.ok) faults.push(`secret ${row.id}: the key ${row.keyId} is ${faultWords[opened.reason]}`);
      else if (row.keyId === vault.keyId) kept++;
    }
    after = rows.at(-1)?.id ?? "";
  }
  if (faults.length > 0) {
    throw new RotationError(
      `Nothing was changed, because not every secret can be decrypted:\n  ${faults.join("\n  ")}\nAdd the missing keys to ASSAY_ENCRYPTION_KEYS, after the first, or give these secrets new values.`,
    );
  }
  let changed = 0;
  for (;;) {
    const done = await transaction((tx) => rotateBatch(tx, vault));
    if (done === 0) return { changed, kept };
    onBatch((changed += done));
  }
}

const faultWords = { key_missing: "missing", unreadable: "another than the one it was encrypted with" } as const;

function readRows(prisma: Database["prisma"], after: string): Promise<SecretRow[]> {
  return prisma.secret.findMany({ where: { id: { gt: after } }, orderBy: { id: "asc" }, take: batchRows });
}

/** The rows are held until the batch is written: a new value that is set meanwhile waits, and is not undone. */
async function rotateBatch(tx: Transaction, vault: Vault): Promise<number> {
  const held = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM secrets WHERE key_id <> ${vault.keyId} ORDER BY id LIMIT ${batchRows} FOR UPDATE`;
  const rows = await tx.secret.findMany({ where: { id: { in: held.map(({ id }) => id) } } });
  for (const row of rows) {
    const place = placeOfSecret(row.id);
    const opened = vault.open(place, row);
    if (!opened.ok) throw new RotationError(`Secret ${row.id} changed while the keys were rotated. Run this again.`);
    await tx.secret.update({ where: { id: row.id }, data: vault.seal(place, opened.text) });
  }
  return rows.length;
}
