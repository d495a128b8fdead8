import type { Visibility } from "@assay/contract";
import type { AuditEntry } from "../audit/record.ts";

/** A batch as the object of an event. What a private one is called is for nobody to find there. */
export function batchObject(batch: {
  readonly id: string;
  readonly name: string | null;
  readonly visibility: Visibility;
}): AuditEntry["object"] {
  const name = batch.visibility === "private" ? "a private batch" : (batch.name ?? "a batch without a name");
  return { type: "batch", id: batch.id, name };
}
