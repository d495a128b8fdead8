import type { Role } from "@assay/contract";
import { z } from "zod";
import type { OpenidProvider } from "./providers.ts";

/** What a provider proved of a person. */
export interface ProvenIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** In lower case; null where the provider told none, or none that could be an address. */
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly name: string;
  /** What the provider's mapping gives; null where it has no mapping. */
  readonly roles: readonly Role[] | null;
}

type Claims = Readonly<Record<string, unknown>>;

const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());
const nameCharsMax = 120;

/** Reads the claims of an ID token (and of UserInfo) whose signature, issuer, audience, nonce and times have been checked. */
export function identityOf(provider: OpenidProvider, issuer: string, subject: string, claims: Claims): ProvenIdentity {
  const email = Email.safeParse(claims["email"]);
  const name = claims["name"];
  return {
    issuer,
    subject,
    email: email.success ? email.data : null,
    // Some providers send it as text.
    emailVerified: claims["email_verified"] === true || claims["email_verified"] === "true",
    name: typeof name === "string" ? name.toWellFormed().replaceAll("\0", "").trim().slice(0, nameCharsMax) : "",
    roles: provider.roles === undefined ? null : mappedRoles(provider.roles, claims),
  };
}

function mappedRoles({ claim, map }: NonNullable<OpenidProvider["roles"]>, claims: Claims): Role[] {
  let value: unknown = claims;
  for (const name of claim.split(".")) {
    const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, name);
    value = isThere ? (value as Claims)[name] : undefined;
  }
  const words = (Array.isArray(value) ? value : [value]).filter((word) => typeof word === "string");
  return [...new Set(words.flatMap((word) => (Object.hasOwn(map, word) ? (map[word] ?? []) : [])))];
}

/** Whether the level that was reached is one of those the provider's entry asks for. */
export function reachesLevel({ acrValues }: OpenidProvider, claims: Claims): boolean {
  return acrValues.length === 0 || acrValues.some((level) => level === claims["acr"]);
}
