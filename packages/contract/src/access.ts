import { z } from "zod";

/** What may be done. A user has the scopes of the roles; an API token a subset of its owner's. */
export const scopes = [
  "requests:read",
  "requests:run",
  "requests:readAll",
  "decisions:read",
  "decisions:write",
  "sources:read",
  "sources:write",
  "ignoreLists:read",
  "ignoreLists:write",
  "apiTokens:write",
  "secrets:read",
  "secrets:write",
  "secrets:reveal",
  "users:read",
  "users:write",
  "config:read",
  "config:write",
  "audit:read",
  "cache:read",
  "cache:write",
] as const;
export const Scope = z.enum(scopes);
export type Scope = z.infer<typeof Scope>;

export const roles = ["admin", "source_author", "analyst", "viewer", "secret_reader"] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

const viewer: readonly Scope[] = ["requests:read", "decisions:read", "sources:read", "apiTokens:write"];
const analyst: readonly Scope[] = [...viewer, "requests:run", "decisions:write", "ignoreLists:read"];

export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  viewer,
  analyst,
  source_author: [...analyst, "sources:write", "ignoreLists:write"],
  // Whoever runs Assay need not be able to read the keys in it.
  admin: scopes.filter((scope) => scope !== "secrets:reveal"),
  secret_reader: ["secrets:read", "secrets:reveal"],
};

/** Every scope that the roles give together. */
export function scopesOfRoles(roles: readonly Role[]): Scope[] {
  const given = new Set(roles.flatMap((role) => scopesOfRole[role]));
  return scopes.filter((scope) => given.has(scope));
}

/**
 * Who may call an endpoint: anybody, whoever is signed in (a session, so that a leaked token cannot change a password),
 * whoever is authenticated, or whoever holds a scope.
 */
export type Access = "public" | "session" | "authenticated" | Scope;

/** What these show has indicators of others in it, and no TLP by which they could be left out. */
const unmarked: ReadonlySet<Access> = new Set(["audit:read", "cache:read", "cache:write"]);

/** Whether an API token with a highest TLP may use it. */
export function isUnderBound(access: Access): boolean {
  return !unmarked.has(access);
}

/** Whether somebody with this one role may call an endpoint. */
export function mayRole(role: Role, access: Access): boolean {
  return (
    access === "public" || access === "session" || access === "authenticated" || scopesOfRole[role].includes(access)
  );
}
