import { isDeepStrictEqual } from "node:util";
import type { FieldChange } from "@assay/contract";
import type { Transaction } from "../../db/database.ts";
import type { SourceSecret } from "../../db/generated/client.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { type AuditContext, recordAudit } from "../audit/record.ts";
import type { SecretRow } from "./queries.ts";

const redacted = "[redacted]";

/** Records what became of a secret, never its value; null: it was not there before, or is not any more. */
export async function recordSecret(
  tx: Transaction,
  ctx: AuditContext,
  action: `secret.${string}`,
  before: SecretRow | null,
  after: SecretRow | null,
): Promise<void> {
  const { id = null, name = "" } = after ?? before ?? {};
  const isNewValue = before?.valueSetAt.getTime() !== after?.valueSetAt.getTime();
  const value = { field: "value", before: before && redacted, after: after && redacted };
  const changes = [...fieldChanges(before && shownOf(before), after && shownOf(after)), ...(isNewValue ? [value] : [])];
  await recordAudit(tx, ctx, { action, object: { type: "secret", id, name }, changes });
}

function shownOf(secret: SecretRow): Record<string, unknown> {
  const { name, note, hosts, expiresAt, quota, quotaReservePercent } = secret;
  return { name, note, hosts, expiresAt, quota, quotaReservePercent };
}

/** Records which secrets, by id, fill the slots of a source from now on. */
export async function recordAssignment(
  tx: Transaction,
  ctx: AuditContext,
  source: { readonly id: string; readonly name: string },
  before: readonly SourceSecret[],
  after: readonly SourceSecret[],
): Promise<void> {
  const idsOf = (rows: readonly SourceSecret[], slot: string): string[] =>
    rows.filter((row) => row.slot === slot).map(({ secretId }) => secretId);
  const slots = [...new Set([...before, ...after].map(({ slot }) => slot))];
  const changes: FieldChange[] = slots
    .map((slot) => ({ field: slot, before: idsOf(before, slot), after: idsOf(after, slot) }))
    .filter((change) => !isDeepStrictEqual(change.before, change.after));
  await recordAudit(tx, ctx, {
    action: "secret.assign",
    object: { type: "source", id: source.id, name: source.name },
    changes,
  });
}
