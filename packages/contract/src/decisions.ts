import { z } from "zod";
import { endpoints } from "./endpoint.ts";
import { GivenTime, Id, page, pageQuery, Timestamp } from "./fields.ts";
import { IndicatorKind } from "./indicators.ts";

/** What an analyst can decide. Who does not know decides nothing. */
export const DecisionWord = z.enum(["malicious", "suspicious", "benign"]);
export type DecisionWord = z.infer<typeof DecisionWord>;

/** Who did something, by the name at that time, or the e-mail address where there was none. */
const Person = z.strictObject({ id: Id, name: z.string() });

const fields = {
  verdict: DecisionWord,
  reason: z.string().trim().min(1).max(1000).meta({ description: "For people; whoever may read lookups sees it" }),
  expiresAt: GivenTime.nullable().meta({ description: "It is in force until then; null: until it is withdrawn" }),
};

/** A decision as it was in force when an indicator was looked up. */
export const DecisionInForce = z.strictObject({
  id: Id,
  verdict: DecisionWord,
  reason: z.string(),
  user: Person,
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
});
export type DecisionInForce = z.infer<typeof DecisionInForce>;

/** `replaced`: by a later decision about the same indicator. */
export const DecisionStatus = z.enum(["in_force", "expired", "replaced", "withdrawn"]);
export type DecisionStatus = z.infer<typeof DecisionStatus>;

/** An analyst's word about an indicator, which outweighs what sources say (rule R0) as long as it is in force. */
export const Decision = z.strictObject({
  ...DecisionInForce.shape,
  data: z.string().meta({ description: "The indicator, canonical" }),
  kind: IndicatorKind,
  status: DecisionStatus,
  updatedAt: Timestamp,
  ended: z
    .strictObject({ at: Timestamp, user: Person, replacedById: Id.nullable() })
    .nullable()
    .meta({ description: "Withdrawn, or replaced by another decision; null: neither, though it may have expired" }),
});
export type Decision = z.infer<typeof Decision>;

const data = z.string().min(1).max(8192).meta({ description: "The indicator, defanged or not" });
const kind = IndicatorKind.optional().meta({ description: "Detected when absent" });

export const DecisionInput = z.strictObject({ data, kind, ...fields, expiresAt: fields.expiresAt.default(null) });
export type DecisionInput = z.infer<typeof DecisionInput>;

export const DecisionPatch = z.strictObject({ reason: fields.reason, expiresAt: fields.expiresAt }).partial();
export type DecisionPatch = z.infer<typeof DecisionPatch>;

const filter = {
  data: data.optional(),
  kind: IndicatorKind.optional(),
  prefix: z.string().trim().min(1).max(200).optional().meta({ description: "Begins with this, defanged or not" }),
  verdict: DecisionWord.optional(),
  status: DecisionStatus.optional(),
  userId: Id.optional().meta({ description: "Decided by this user" }),
};
export const DecisionFilter = z.strictObject(filter);
export type DecisionFilter = z.infer<typeof DecisionFilter>;

const idParam = z.strictObject({ id: Id });

export const decisionsApi = endpoints({
  list: {
    method: "GET",
    path: "/decisions",
    summary: "Analysts' decisions, newest first, those that are no longer in force too",
    access: "decisions:read",
    query: z.strictObject({ ...pageQuery, ...filter }),
    responses: { 200: page(Decision) },
  },
  create: {
    method: "POST",
    path: "/decisions",
    summary: "Decide what an indicator is; an earlier decision about it is replaced",
    access: "decisions:write",
    body: DecisionInput,
    responses: { 201: Decision },
  },
  indicator: {
    method: "GET",
    path: "/decisions/indicator",
    summary: "The decision about an indicator that is in force now",
    access: "decisions:read",
    query: z.strictObject({ data, kind }),
    responses: {
      200: z.strictObject({
        indicator: z.strictObject({ kind: IndicatorKind, data: z.string() }),
        decision: Decision.nullable(),
      }),
    },
  },
  get: {
    method: "GET",
    path: "/decisions/{id}",
    summary: "One decision",
    access: "decisions:read",
    params: idParam,
    responses: { 200: Decision },
  },
  update: {
    method: "PATCH",
    path: "/decisions/{id}",
    summary:
      "Change the reason or the expiry of a decision that is in force; another person's is replaced by one of your own with the same verdict",
    access: "decisions:write",
    params: idParam,
    body: DecisionPatch,
    responses: { 200: Decision },
  },
  withdraw: {
    method: "POST",
    path: "/decisions/{id}/withdraw",
    summary: "End a decision that is in force; it stays as history",
    access: "decisions:write",
    params: idParam,
    responses: { 200: Decision },
  },
});
