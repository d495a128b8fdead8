import { z } from "zod";
import { Role, Scope } from "./access.ts";
import { endpoints } from "./endpoint.ts";
import { Id, Slug, Timestamp } from "./fields.ts";

export const User = z.strictObject({
  id: Id,
  email: z.string(),
  name: z.string(),
  roles: z.array(Role),
  createdAt: Timestamp,
});
export type User = z.infer<typeof User>;

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
const newPassword = z.string().min(12, "must have at least 12 characters").max(200);
export const personName = z
  .string()
  .trim()
  .max(120)
  .refine((text) => text.isWellFormed() && !text.includes("\0"), "has a character that cannot be stored");

export const SignUp = z.strictObject({ email, name: personName.default(""), password: newPassword });
export type SignUp = z.infer<typeof SignUp>;

export const Me = z.strictObject({
  user: User,
  scopes: z.array(Scope),
  /** Send it as X-CSRF-Token with every unsafe call of a session; null for tokens and Basic, which need none. */
  csrfToken: z.string().nullable(),
});
export type Me = z.infer<typeof Me>;

/** One way to sign in. */
export const SignInWay = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("password") }),
  z.strictObject({ type: z.literal("openid"), provider: Slug, name: z.string() }),
]);
export type SignInWay = z.infer<typeof SignInWay>;

/** A signed-in browser. */
export const SignedInSession = z.strictObject({
  id: Id,
  /** The one that asks. */
  current: z.boolean(),
  /** `password`, or the OpenID provider. */
  way: z.string(),
  address: z.string(),
  userAgent: z.string(),
  signedInAt: Timestamp,
  /** To the minute. */
  lastSeenAt: Timestamp,
  expiresAt: Timestamp,
});
export type SignedInSession = z.infer<typeof SignedInSession>;

/** An account at an OpenID provider that signs its owner in here. */
export const LinkedIdentity = z.strictObject({
  id: Id,
  provider: Slug,
  /** As the provider last told it; null where it never did. */
  email: z.string().nullable(),
  createdAt: Timestamp,
  lastSignInAt: Timestamp.nullable(),
});
export type LinkedIdentity = z.infer<typeof LinkedIdentity>;

const providerParam = z.strictObject({ provider: Slug });
const idParam = z.strictObject({ id: Id });
/** What a provider puts in the address; all else there is left alone (OpenID Connect Core 3.1.2.5, RFC 9207). */
const openidReply = z.object({
  code: z.string().max(4096).optional(),
  state: z.string().max(512).optional(),
  iss: z.string().max(2048).optional(),
  error: z.string().max(512).optional(),
  error_description: z.string().max(4096).optional(),
});

export const authApi = endpoints({
  ways: {
    method: "GET",
    path: "/auth",
    summary: "Ways to sign in",
    access: "public",
    responses: {
      200: z.strictObject({
        ways: z.array(SignInWay),
        /** HTTP Basic works, for scripts. */
        basic: z.boolean(),
        /** People may ask for an account. */
        signUp: z.boolean(),
        passwordLengthMin: z.number().int(),
      }),
    },
  },
  signUp: {
    method: "POST",
    path: "/auth/signup",
    summary:
      "Ask for an account, which an administrator has to approve; the answer is the same whoever has the address",
    access: "public",
    body: SignUp,
    bodyBytesMax: 4096,
    responses: { 202: z.strictObject({ message: z.string() }) },
  },
  login: {
    method: "POST",
    path: "/auth/login",
    summary: "Sign in with e-mail and password",
    access: "public",
    body: z.strictObject({ email, password: z.string().min(1).max(200) }),
    bodyBytesMax: 4096,
    responses: { 200: Me },
  },
  logout: { method: "POST", path: "/auth/logout", summary: "Sign out", access: "session", responses: { 204: null } },
  me: { method: "GET", path: "/auth/me", summary: "Who is signed in", access: "authenticated", responses: { 200: Me } },
  password: {
    method: "POST",
    path: "/auth/password",
    summary: "Change one's own password; every other session ends",
    access: "session",
    body: z.strictObject({ currentPassword: z.string().min(1).max(200), newPassword }),
    bodyBytesMax: 4096,
    responses: { 204: null },
  },
  openidStart: {
    method: "GET",
    path: "/auth/openid/{provider}",
    summary: "Go to an OpenID provider to sign in there; comes back to `next`, a path of this site",
    access: "public",
    params: providerParam,
    query: z.strictObject({ next: z.string().max(2048).optional() }),
    responses: { 302: null },
  },
  openidRedirect: {
    method: "GET",
    path: "/auth/openid/{provider}/redirect",
    summary: "Where an OpenID provider sends people back to",
    access: "public",
    params: providerParam,
    query: openidReply,
    responses: { 302: null },
  },
  openidLink: {
    method: "POST",
    path: "/auth/openid/{provider}/link",
    summary: "Begin to link one's own account with one at an OpenID provider; open the URL in the same browser",
    access: "session",
    params: providerParam,
    responses: { 200: z.strictObject({ url: z.string() }) },
  },
  identities: {
    method: "GET",
    path: "/auth/identities",
    summary: "One's own accounts at OpenID providers, and whether one has a password",
    access: "session",
    responses: { 200: z.strictObject({ hasPassword: z.boolean(), items: z.array(LinkedIdentity) }) },
  },
  unlink: {
    method: "DELETE",
    path: "/auth/identities/{id}",
    summary: "Let an account at an OpenID provider no longer sign one in",
    access: "session",
    params: idParam,
    responses: { 204: null },
  },
  sessions: {
    method: "GET",
    path: "/auth/sessions",
    summary: "Where one is signed in",
    access: "session",
    responses: { 200: z.strictObject({ items: z.array(SignedInSession) }) },
  },
  endSession: {
    method: "DELETE",
    path: "/auth/sessions/{id}",
    summary: "End one of one's own sessions",
    access: "session",
    params: idParam,
    responses: { 204: null },
  },
  signOutEverywhere: {
    method: "POST",
    path: "/auth/signOutEverywhere",
    summary: "End all of one's own sessions, this one included",
    access: "session",
    responses: { 204: null },
  },
});
