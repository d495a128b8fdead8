import { z } from "zod";
import { Role } from "./access.ts";
import { ApiToken } from "./api-tokens.ts";
import { email, LinkedIdentity, personName as name, User } from "./auth.ts";
import { endpoints } from "./endpoint.ts";
import { AuditEvent } from "./events.ts";
import { flag, Id, page, pageQuery, Timestamp } from "./fields.ts";
import { Provider } from "./providers.ts";
import { RequestSummary } from "./requests.ts";
import { SourceSummary } from "./sources.ts";

/** An account as administrators see it. */
export const UserAccount = User.extend({
  /** Who is not enabled cannot sign in by any way, and none of their tokens works. */
  enabled: z.boolean(),
  /** Signed up by itself and has not been let in. Nobody has proved that the e-mail address is theirs. */
  awaitingApproval: z.boolean(),
  /** Signs in with e-mail and password. */
  hasPassword: z.boolean(),
  identities: z.array(LinkedIdentity),
  lastSignInAt: Timestamp.nullable(),
  updatedAt: Timestamp,
});
export type UserAccount = z.infer<typeof UserAccount>;

const roles = z.array(Role).min(1);

export const UserInput = z.strictObject({
  email,
  name: name.default(""),
  roles,
  withPassword: z
    .boolean()
    .default(true)
    .meta({ description: "false: no password is made; the person signs in through an OpenID provider" }),
});
export type UserInput = z.infer<typeof UserInput>;

export const UserPatch = z.strictObject({ name, roles, enabled: z.boolean() }).partial();
export type UserPatch = z.infer<typeof UserPatch>;

const idParam = z.strictObject({ id: Id });
const password = z.string().meta({ description: "Made up here and shown this once" });

export const usersApi = endpoints({
  list: {
    method: "GET",
    path: "/users",
    summary: "Accounts by e-mail address",
    access: "users:read",
    query: z.strictObject({
      ...pageQuery,
      q: z.string().max(200).optional().meta({ description: "Part of the e-mail address or the name" }),
      role: Role.optional(),
      enabled: flag.optional(),
      awaitingApproval: flag.optional().meta({ description: "Those who signed up and wait, or all others" }),
    }),
    responses: { 200: page(UserAccount) },
  },
  create: {
    method: "POST",
    path: "/users",
    summary: "Make an account; its first password is shown once",
    access: "users:write",
    body: UserInput,
    responses: { 201: z.strictObject({ user: UserAccount, password: password.nullable() }) },
  },
  get: {
    method: "GET",
    path: "/users/{id}",
    summary: "One account",
    access: "users:read",
    params: idParam,
    responses: { 200: UserAccount },
  },
  update: {
    method: "PATCH",
    path: "/users/{id}",
    summary:
      "Change name, roles, or whether the account is enabled; holds at once on every node. Enabling one that awaits approval, with its roles, approves it",
    access: "users:write",
    params: idParam,
    body: UserPatch,
    responses: { 200: UserAccount },
  },
  delete: {
    method: "DELETE",
    path: "/users/{id}",
    summary: "Delete an account with its tokens and sessions, or decline one that awaits approval; its lookups stay",
    access: "users:write",
    params: idParam,
    responses: { 204: null },
  },
  resetPassword: {
    method: "POST",
    path: "/users/{id}/password",
    summary: "Give an account a new password, shown once; its sessions end",
    access: "users:write",
    params: idParam,
    responses: { 200: z.strictObject({ password }) },
  },
  signOut: {
    method: "POST",
    path: "/users/{id}/signOut",
    summary: "End all sessions of an account",
    access: "users:write",
    params: idParam,
    responses: { 204: null },
  },
  logs: {
    method: "GET",
    path: "/users/{id}/logs",
    summary: "What an account did, newest first",
    access: "audit:read",
    params: idParam,
    query: z.strictObject(pageQuery),
    responses: { 200: page(AuditEvent) },
  },
  requests: {
    method: "GET",
    path: "/users/{id}/requests",
    summary: "An account's lookups, newest first; needs requests:read as well",
    access: "users:read",
    params: idParam,
    query: z.strictObject(pageQuery),
    responses: { 200: page(RequestSummary) },
  },
  sources: {
    method: "GET",
    path: "/users/{id}/sources",
    summary: "The sources that an account added, by name; needs sources:read as well",
    access: "users:read",
    params: idParam,
    query: z.strictObject(pageQuery),
    responses: { 200: page(SourceSummary) },
  },
  providers: {
    method: "GET",
    path: "/users/{id}/providers",
    summary: "The providers of the sources that an account added, by name; needs sources:read as well",
    access: "users:read",
    params: idParam,
    query: z.strictObject(pageQuery),
    responses: { 200: page(Provider) },
  },
  apiTokens: {
    method: "GET",
    path: "/users/{id}/apiTokens",
    summary: "An account's API tokens, newest first",
    access: "users:read",
    params: idParam,
    query: z.strictObject(pageQuery),
    responses: { 200: page(ApiToken) },
  },
  revokeApiToken: {
    method: "DELETE",
    path: "/users/{id}/apiTokens/{tokenId}",
    summary: "Revoke an API token of an account",
    access: "users:write",
    params: z.strictObject({ id: Id, tokenId: Id }),
    responses: { 204: null },
  },
});
