import { z } from "zod";
import { endpoints } from "./endpoint.ts";
import { Id, Json, page, pageQuery, GivenTime, Timestamp } from "./fields.ts";

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

const word = z.string().regex(/^[a-zA-Z]{1,40}$/, "must be a word of letters");
const filter = {
  actorType: z.enum(actorTypes).optional(),
  actorId: Id.optional().meta({ description: "Id of the user who acted, in person or through a token" }),
  action: z
    .string()
    .regex(/^[a-zA-Z]{1,40}(\.[a-zA-Z]{1,40})?$/, "must be a noun or noun.verb")
    .optional()
    .meta({ description: "noun.verb, or a noun for all of its verbs" }),
  objectType: word.optional(),
  objectId: z.string().max(100).optional(),
  from: GivenTime.optional().meta({ description: "Not before" }),
  to: GivenTime.optional().meta({ description: "Before" }),
  text: z.string().trim().min(1).max(200).optional().meta({
    description: "Is in the name of the object, the actor's e-mail address, the address, an id or the changes",
  }),
};
export const EventFilter = z.strictObject(filter);
export type EventFilter = z.infer<typeof EventFilter>;

export const eventsApi = endpoints({
  list: {
    method: "GET",
    path: "/events",
    summary: "What was done, and by whom; newest first",
    access: "audit:read",
    query: z.strictObject({ ...filter, ...pageQuery }),
    responses: { 200: page(AuditEvent) },
  },
  export: {
    method: "GET",
    path: "/events/export",
    summary: "The same as lines of JSON, all of them",
    access: "audit:read",
    query: EventFilter,
    responses: { 200: null },
    file: { "application/jsonl": AuditEvent },
  },
  get: {
    method: "GET",
    path: "/events/{id}",
    summary: "One event",
    access: "audit:read",
    params: z.strictObject({ id: Id }),
    responses: { 200: AuditEvent },
  },
});
