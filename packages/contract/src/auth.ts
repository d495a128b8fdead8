import { z } from "zod";
import { Role, Scope } from "./access.ts";
import { endpoints } from "./endpoint.ts";
import { Id, Timestamp } from "./fields.ts";

export const User = z.strictObject({
  id: Id,
  email: z.string(),
  name: z.string(),
  roles: z.array(Role),
  createdAt: Timestamp,
});
export type User = z.infer<typeof User>;

const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
const newPassword = z.string().min(12, "must have at least 12 characters").max(200);

export const Me = z.strictObject({
  user: User,
  scopes: z.array(Scope),
  /** Send it as X-CSRF-Token with every unsafe call of a session; null for tokens and Basic, which need none. */
  csrfToken: z.string().nullable(),
});
export type Me = z.infer<typeof Me>;

export const authApi = endpoints({
  ways: {
    method: "GET",
    path: "/auth",
    summary: "Ways to sign in",
    access: "public",
    responses: { 200: z.strictObject({ ways: z.array(z.strictObject({ type: z.literal("password") })) }) },
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
});
