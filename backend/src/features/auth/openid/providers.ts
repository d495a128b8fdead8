import { readFile } from "node:fs/promises";
import { Role, Slug } from "@assay/contract";
import { parse } from "yaml";
import { z } from "zod";
import { StartError } from "../../../start-error.ts";

const roles = z.array(Role);
const text = z.string().min(1).max(2000);
const loopback = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;
/** OpenID Connect Discovery 1.0, 4: an issuer is an https URL without query and fragment. */
const issuer = z.string().refine((value) => {
  const url = URL.parse(value);
  if (!url || url.search !== "" || url.hash !== "" || url.username !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && loopback.test(url.hostname));
}, "must be an https URL without user, query and fragment");

const OpenidProvider = z
  .strictObject({
    /** Stands in the redirect URI: /api/v1/auth/openid/<id>/redirect. */
    id: Slug,
    /** On the button. */
    name: z.string().min(1).max(60),
    issuer,
    clientId: text,
    clientSecret: text.optional(),
    clientSecretFile: z.string().startsWith("/", "must be an absolute path").optional(),
    scopes: z.array(z.string().regex(/^[\x21-\x7e]+$/)).default(["openid", "email", "profile"]),
    /** One of these has to have been reached (`acr`); asked for, and checked. */
    acrValues: z.array(text).default([]),
    requireVerifiedEmail: z.boolean().default(true),
    accounts: z
      .strictObject({
        create: z.enum(["off", "on", "domains"]).default("off"),
        domains: z
          .array(
            z
              .string()
              .toLowerCase()
              .regex(/^[a-z0-9.-]+$/),
          )
          .default([]),
        /** What a new account may do where the mapping gives nothing. */
        roles: roles.min(1).default(["viewer"]),
      })
      .prefault({}),
    roles: z
      .strictObject({
        /** Path of names, such as `groups` or `realm_access.roles`. */
        claim: z.string().min(1).max(200),
        map: z.record(z.string().min(1), roles.min(1)),
      })
      .optional(),
  })
  .refine((provider) => !(provider.clientSecret !== undefined && provider.clientSecretFile !== undefined), {
    error: "give either clientSecret or clientSecretFile",
    path: ["clientSecretFile"],
  })
  .refine(({ accounts }) => accounts.create !== "domains" || accounts.domains.length > 0, {
    error: "name at least one domain",
    path: ["accounts", "domains"],
  })
  .refine(({ scopes }) => scopes.includes("openid"), { error: 'must contain "openid"', path: ["scopes"] });

/** A provider that people may sign in through. `clientSecret` is null for a public client, which proves itself by PKCE alone. */
export type OpenidProvider = Omit<z.infer<typeof OpenidProvider>, "clientSecret" | "clientSecretFile"> & {
  readonly clientSecret: string | null;
};

const File = z.strictObject({
  providers: z
    .array(OpenidProvider)
    .min(1)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, "two providers have the same id"),
});

/**
 * Reads the file of OpenID providers; none without a file.
 * @throws StartError that names the field, the reason and what to do, and repeats no value
 */
export async function readOpenidProviders(path: string | undefined): Promise<OpenidProvider[]> {
  if (path === undefined) return [];
  const refuse = (reason: string): never => {
    throw new StartError(`The file ${path} (ASSAY_OPENID_FILE) cannot be used: ${reason}`);
  };
  const text = await readFile(path, "utf8").catch((error: Error) =>
    refuse(`${error.message}. Give a file that can be read.`),
  );
  let content: unknown;
  try {
    content = parse(text, { prettyErrors: false });
  } catch (error) {
    refuse(`it is not valid YAML: ${error instanceof Error ? error.message : "unknown"}.`);
  }
  const read = File.safeParse(content);
  if (!read.success) {
    const lines = read.error.issues.map(({ path: at, message }) => `  ${at.join(".") || "the file"}: ${message}`);
    return refuse(`\n${lines.join("\n")}\nCorrect it; docs/operating.md has examples.`);
  }
  return Promise.all(
    read.data.providers.map(async ({ clientSecret, clientSecretFile, ...provider }) => ({
      ...provider,
      clientSecret:
        clientSecretFile === undefined
          ? (clientSecret ?? null)
          : (
              await readFile(clientSecretFile, "utf8").catch((error: Error) =>
                refuse(`clientSecretFile: ${error.message}.`),
              )
            ).trim(),
    })),
  );
}
