import type { FieldChange } from "@assay/contract";
import { trace } from "@opentelemetry/api";
import type { Actor, Clock, Context } from "../../context.ts";
import type { Transaction } from "../../db/database.ts";
import { newId } from "../../ids.ts";
import { insertEvent } from "./queries.ts";

/** What an event takes from the context of a verb. */
export type AuditContext = Pick<Context, "actor" | "clock" | "origin">;

export interface AuditEntry {
  /** `noun.verb`, such as `source.update`. */
  readonly action: `${string}.${string}`;
  /** `name` is for people, and stays when the object is gone. */
  readonly object: { readonly type: string; readonly id: string | null; readonly name: string };
  /** Of `fieldChanges`, so that no secret is kept. */
  readonly changes?: readonly FieldChange[];
  /** How often the same happened; 1 unless told. */
  readonly count?: number;
}

const textCharsMax = 300;

/** Records what was done, in the transaction that does it: both are kept or neither is. */
export async function recordAudit(tx: Transaction, ctx: AuditContext, entry: AuditEntry): Promise<void> {
  const { action, object, changes = [], count = 1 } = entry;
  await insertEvent(tx, {
    id: newId(),
    createdAt: ctx.clock.now(),
    ...actorFields(ctx.actor),
    action,
    objectType: object.type,
    objectId: object.id,
    objectName: storable(object.name),
    changes: changes as FieldChange[],
    count,
    address: ctx.origin?.address ?? null,
    userAgent: ctx.origin?.userAgent ? storable(ctx.origin.userAgent) : null,
    requestId: ctx.origin?.requestId ?? null,
    traceId: trace.getActiveSpan()?.spanContext().traceId ?? null,
  });
}

/** For what Assay does by itself. */
export function systemAudit(clock: Clock): AuditContext {
  return { actor: { type: "system" }, clock, origin: null };
}

interface ActorFields {
  readonly actorType: Actor["type"];
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly tokenId: string | null;
}

function actorFields(actor: Actor): ActorFields {
  const nobody = { actorType: actor.type, actorId: null, actorName: null, tokenId: null };
  if (actor.type === "anonymous" || actor.type === "system") return nobody;
  const tokenId = actor.type === "apiToken" ? actor.tokenId : null;
  return { ...nobody, actorId: actor.user.id, actorName: actor.user.email, tokenId };
}

/** What comes from outside, so that PostgreSQL takes it and it stays short. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "").slice(0, textCharsMax).toWellFormed();
}
