import { z } from "zod";
import { AnswerProblem, Outcome } from "./answers.ts";
import { endpoints } from "./endpoint.ts";
import { Id, page, pageQuery, Slug, GivenTime, Timestamp } from "./fields.ts";
import { IndicatorKind } from "./indicators.ts";
import { QuotaReserve, QuotaStanding, QuotaWindows } from "./quotas.ts";
import { SecretHost, SecretSlot } from "./secret-slots.ts";

/** As much as a runner takes. */
const valueCharsMax = 8192;
const settings = {
  name: z.string().trim().min(1).max(120),
  note: z.string().max(2000),
  hosts: z
    .array(
      SecretHost.refine((host) => host !== "*", { error: 'must name a host: "*" would let the secret go anywhere' }),
    )
    .min(1)
    .max(50)
    .meta({ description: "Where it may be sent at all; a source and its slot can only narrow it" }),
  expiresAt: GivenTime.nullable().meta({ description: "It is not used from then on; null: it does not expire" }),
  quota: QuotaWindows.nullable().meta({
    description: "Calls that it is good for; null: what the slots that it fills say, empty: without a limit",
  }),
  quotaReservePercent: QuotaReserve,
};
const value = z
  .string()
  .min(1)
  .max(valueCharsMax)
  .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), {
    error: "must be one line of text, without control characters",
  })
  .meta({ description: "Write-only: it is shown by `GET /secrets/{id}/value` alone" });

export const SecretInput = z.strictObject({
  ...settings,
  note: settings.note.default(""),
  expiresAt: settings.expiresAt.default(null),
  quota: settings.quota.default(null),
  quotaReservePercent: settings.quotaReservePercent.default(0),
  value,
});
export type SecretInput = z.infer<typeof SecretInput>;

export const SecretPatch = z.strictObject({ ...settings, value }).partial();
export type SecretPatch = z.infer<typeof SecretPatch>;

/** `expiring`: within 14 days. */
export const SecretExpiry = z.enum(["valid", "expiring", "expired"]);
export type SecretExpiry = z.infer<typeof SecretExpiry>;

export const Secret = z.strictObject({
  ...settings,
  id: Id,
  expiry: SecretExpiry,
  /** When the value was last set. */
  valueSetAt: Timestamp,
  /** `key_missing`: encrypted under a key that this server does not have; `unreadable`: not decipherable with the key of that name. */
  valueState: z.enum(["readable", "key_missing", "unreadable"]),
  /** The provider answered that the key is not valid, and has accepted it in no answer since. */
  refusedSince: Timestamp.nullable(),
  /** To the minute. */
  lastUsedAt: Timestamp.nullable(),
  /** What is left of its quota, whether its own or the slots'. */
  standing: QuotaStanding,
  /** Sources that it is assigned to. */
  uses: z.array(z.strictObject({ sourceId: Id, slug: Slug, name: z.string(), slot: z.string() })),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  createdUserId: Id.nullable(),
  updatedUserId: Id.nullable(),
});
export type Secret = z.infer<typeof Secret>;

/** How a slot stands for lookups. */
export const SlotState = z.enum(["ready", "empty", "unusable", "resting"]);
export type SlotState = z.infer<typeof SlotState>;

const AssignedSecret = Secret.pick({ id: true, name: true, expiry: true, expiresAt: true }).extend({
  /** The provider refused it, and has not accepted it since. */
  refused: z.boolean(),
  /** The server can decrypt it. */
  readable: z.boolean(),
  /** It reached the provider's limit and is not used before. */
  restsUntil: Timestamp.nullable(),
  /** Where it may be sent for this slot: what secret, slot and source all allow. Empty: it cannot be used here. */
  effectiveHosts: z.array(SecretHost),
  /** The slot hands its value to the code, and did not when it was assigned; it is not used until it is assigned again. */
  exposureUnconfirmed: z.boolean(),
});

export const SourceSecrets = z.strictObject({
  slots: z.array(SecretSlot.extend({ state: SlotState, secrets: z.array(AssignedSecret) })),
});
export type SourceSecrets = z.infer<typeof SourceSecrets>;

export const SecretAssignments = z.strictObject({
  slots: z
    .array(
      z.strictObject({
        name: SecretSlot.shape.name,
        secretIds: z.array(Id).max(50).meta({ description: "Several are used in turn, in this order" }),
      }),
    )
    .max(20),
});
export type SecretAssignments = z.infer<typeof SecretAssignments>;

export const SecretTestInput = z.strictObject({
  sourceId: Id,
  slot: SecretSlot.shape.name.optional().meta({ description: "Needed where the source has several slots" }),
  data: z.string().min(1).max(8192).meta({ description: "The indicator, defanged or not" }),
  kind: IndicatorKind.optional().meta({ description: "Detected when absent" }),
});
export type SecretTestInput = z.infer<typeof SecretTestInput>;

export const SecretTestResult = z.strictObject({
  /** `unclear`: what came back says nothing about the key. */
  verdict: z.enum(["accepted", "refused", "unclear"]),
  outcome: Outcome,
  problems: z.array(AnswerProblem.pick({ code: true, status: true, retryAfterMs: true, slots: true })),
});
export type SecretTestResult = z.infer<typeof SecretTestResult>;

const idParam = z.strictObject({ id: Id });

export const secretsApi = endpoints({
  list: {
    method: "GET",
    path: "/secrets",
    summary: "Secrets by name, without their values",
    access: "secrets:read",
    query: z.strictObject(pageQuery),
    responses: { 200: page(Secret) },
  },
  create: {
    method: "POST",
    path: "/secrets",
    summary: "Keep a secret",
    access: "secrets:write",
    body: SecretInput,
    responses: { 201: Secret },
  },
  get: {
    method: "GET",
    path: "/secrets/{id}",
    summary: "One secret, without its value",
    access: "secrets:read",
    params: idParam,
    responses: { 200: Secret },
  },
  update: {
    method: "PATCH",
    path: "/secrets/{id}",
    summary: "Change a secret; a new value is used at once, on every node",
    access: "secrets:write",
    params: idParam,
    body: SecretPatch,
    responses: { 200: Secret },
  },
  delete: {
    method: "DELETE",
    path: "/secrets/{id}",
    summary: "Delete a secret; it leaves the slots that it fills",
    access: "secrets:write",
    params: idParam,
    responses: { 204: null },
  },
  value: {
    method: "GET",
    path: "/secrets/{id}/value",
    summary: "The value of a secret; needs a role of its own",
    access: "secrets:reveal",
    params: idParam,
    responses: { 200: z.strictObject({ value: z.string() }) },
  },
  liftRest: {
    method: "DELETE",
    path: "/secrets/{id}/rest",
    summary: "Use a secret again although its provider said to stop; its quota stays as it is",
    access: "secrets:write",
    params: idParam,
    responses: { 200: Secret },
  },
  test: {
    method: "POST",
    path: "/secrets/{id}/test",
    summary: "Ask a source once with this secret: does the provider accept it? The answer is not kept",
    access: "secrets:write",
    params: idParam,
    body: SecretTestInput,
    responses: { 200: SecretTestResult },
  },
});
