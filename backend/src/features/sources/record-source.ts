import type { Transaction } from "../../db/database.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { type AuditContext, recordAudit } from "../audit/record.ts";
import type { SourceRow } from "./queries.ts";
import { writable } from "./source-fields.ts";

/** Records what became of a source; null: it was not there before, or is not any more. */
export async function recordSource(
  tx: Transaction,
  ctx: AuditContext,
  action: `source.${string}`,
  before: SourceRow | null,
  after: SourceRow | null,
): Promise<void> {
  const { id = null, name = "" } = after ?? before ?? {};
  const changes = fieldChanges(before && { ...writable(before) }, after && { ...writable(after) });
  await recordAudit(tx, ctx, { action, object: { type: "source", id, name }, changes });
}
