import { z } from "zod";
import { Scope } from "./access.ts";
import { endpoints } from "./endpoint.ts";
import { GivenTime, Id, page, pageQuery, Timestamp } from "./fields.ts";
import { Pap, Tlp } from "./markings.ts";

const settings = {
  note: z.string().trim().min(1).max(200),
  expiresAt: GivenTime.nullable(),
  scopes: z.array(Scope).min(1),
  tlp: Tlp.nullable().meta({ description: "TLP of lookups with it that do not say; null: the server's" }),
  pap: Pap.nullable().meta({ description: "PAP of lookups with it that do not say; null: the server's" }),
  maxTlp: Tlp.nullable().meta({
    description: "It neither starts nor reads lookups above this TLP, its owner's own included; null: no bound",
  }),
};

export const ApiToken = z.strictObject({
  ...settings,
  id: Id,
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
});
export type ApiToken = z.infer<typeof ApiToken>;

/** The value is shown this once. */
export const ApiTokenValue = z.strictObject({ id: Id, token: z.string() });
export type ApiTokenValue = z.infer<typeof ApiTokenValue>;

export const ApiTokenInput = z.strictObject({
  note: settings.note,
  expiresAt: settings.expiresAt.default(null),
  scopes: settings.scopes.optional().meta({ description: "Those of the owner when absent" }),
  tlp: settings.tlp.default(null),
  pap: settings.pap.default(null),
  maxTlp: settings.maxTlp.optional().meta({
    description: "No lookups above this TLP; when absent the bound of the token that makes it, or none",
  }),
});
export type ApiTokenInput = z.infer<typeof ApiTokenInput>;
export const ApiTokenPatch = z.strictObject(settings).partial();
export type ApiTokenPatch = z.infer<typeof ApiTokenPatch>;

const idParam = z.strictObject({ id: Id });

export const apiTokensApi = endpoints({
  list: {
    method: "GET",
    path: "/apiTokens",
    summary: "One's own API tokens",
    access: "apiTokens:write",
    query: z.strictObject(pageQuery),
    responses: { 200: page(ApiToken) },
  },
  create: {
    method: "POST",
    path: "/apiTokens",
    summary: "Make a token; its value is shown once",
    access: "apiTokens:write",
    body: ApiTokenInput,
    responses: { 201: ApiTokenValue },
  },
  update: {
    method: "PATCH",
    path: "/apiTokens/{id}",
    summary: "Change note, expiry, scopes or markings",
    access: "apiTokens:write",
    params: idParam,
    body: ApiTokenPatch,
    responses: { 200: ApiToken },
  },
  regenerate: {
    method: "POST",
    path: "/apiTokens/{id}/regenerate",
    summary: "A new value; the old one stops at once",
    access: "apiTokens:write",
    params: idParam,
    responses: { 200: ApiTokenValue },
  },
  delete: {
    method: "DELETE",
    path: "/apiTokens/{id}",
    summary: "Revoke a token",
    access: "apiTokens:write",
    params: idParam,
    responses: { 204: null },
  },
});
