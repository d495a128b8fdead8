import { z } from "zod";
import { Id, Json, Timestamp } from "./fields.ts";

/** One field of a change. Secrets stand as "[redacted]", long values as the hash and the size of their text. */
export const FieldChange = z.strictObject({
  field: z.string(),
  before: Json.meta({ description: "null: there was none" }),
  after: Json.meta({ description: "null: there is none" }),
});
export type FieldChange = z.infer<typeof FieldChange>;

export const actorTypes = ["user", "apiToken", "system", "anonymous"] as const;

/** Who acted, as known at that time. */
export const EventActor = z.strictObject({
  type: z.enum(actorTypes),
  userId: Id.nullable().meta({ description: "The user; of an API token, its owner" }),
  email: z.string().nullable(),
  tokenId: Id.nullable(),
});

export const AuditEvent = z.strictObject({
  id: Id,
  sequence: z.number().int().meta({ description: "Grows from event to event" }),
  createdAt: Timestamp,
  actor: EventActor,
  action: z.string().meta({ description: "noun.verb", examples: ["source.update"] }),
  object: z.strictObject({ type: z.string(), id: z.string().nullable(), name: z.string() }),
  changes: z.array(FieldChange),
  count: z.number().int().min(1).meta({ description: "How often the same happened, where it is counted in one event" }),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  requestId: z.string().nullable(),
  traceId: z.string().nullable(),
});
export type AuditEvent = z.infer<typeof AuditEvent>;
