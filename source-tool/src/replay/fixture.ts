import { join } from "node:path";
import { IndicatorKind, issueText, Json, JsonObject } from "@assay/contract";
import { type ManifestReading, readYaml } from "@assay/contract/manifest-text";
import { z } from "zod";
import { readText } from "../source-folder.ts";
import { ToolError } from "../tool-error.ts";

const HttpExchange = z.strictObject({
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
  url: z.url(),
  status: z.int().min(100).max(599).default(200),
  headers: z.record(z.string(), z.string()).default({}),
  /** The body to the letter, as bytes, or as JSON. */
  body: z.string().optional(),
  bodyBase64: z.base64().optional(),
  json: Json.optional(),
  /** The connection is closed instead of an answer. */
  outage: z.literal("close").optional(),
});
export type HttpExchange = z.infer<typeof HttpExchange>;

const DnsExchange = z.strictObject({
  dns: z.string(),
  type: z.enum(["A", "AAAA", "MX", "TXT", "PTR", "NS", "CNAME", "SOA", "CAA"]),
  rcode: z.enum(["NOERROR", "NXDOMAIN", "SERVFAIL"]).default("NOERROR"),
  /** As in a zone file: "10 mail.example.com" for MX, "0 issue ca.example" for CAA. */
  records: z.array(z.string()).default([]),
});
export type DnsExchange = z.infer<typeof DnsExchange>;

// Of a union only "none of the forms" could be said; which one is meant shows in the key.
const Exchange = z.unknown().transform((value, context): HttpExchange | DnsExchange => {
  const isDns = typeof value === "object" && value !== null && "dns" in value;
  const parsed = (isDns ? DnsExchange : HttpExchange).safeParse(value, { error: issueText });
  if (parsed.success) return parsed.data;
  context.issues.push(...parsed.error.issues.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue));
  return z.NEVER;
});

const Expected = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("ok"), result: JsonObject }),
  z.strictObject({ outcome: z.literal("not_found") }),
  z.strictObject({
    outcome: z.literal("failed"),
    problem: z.strictObject({ code: z.string(), status: z.int().optional(), retryAfterMs: z.int().optional() }),
  }),
]);

const FixtureCase = z.strictObject({
  name: z.string().min(1),
  indicator: z.strictObject({ kind: IndicatorKind, data: z.string() }),
  /** Settings that differ from their defaults. */
  config: JsonObject.default({}),
  /** The slots that hold a secret; all of the manifest when absent. */
  secrets: z.array(z.string()).optional(),
  upstream: z.array(Exchange).default([]),
  expected: Expected,
});
export type FixtureCase = z.infer<typeof FixtureCase>;

const words = [FixtureCase, HttpExchange, DnsExchange].flatMap(({ shape }) => Object.keys(shape));

export function isHttp(exchange: HttpExchange | DnsExchange): exchange is HttpExchange {
  return "url" in exchange;
}

/** What a slot holds in a replay. */
export const replayedSecret = (name: string): string => `secret-of-${name}`;

/**
 * `{{daysAgo 3}}` is the time three days and one hour before the test began, in RFC 3339; `{{secret NAME}}` what the slot of this
 * name holds.
 */
function fillIn(text: string): string {
  const hourMs = 3_600_000;
  const withSecrets = text.replaceAll(/\{\{secret (\w+)\}\}/g, (_, name: string) => replayedSecret(name));
  return withSecrets.replaceAll(/\{\{daysAgo (\d+)\}\}/g, (_, days: string) => {
    const time = new Date(Date.now() - (Number(days) * 24 + 1) * hourMs);
    return `${time.toISOString().slice(0, 19)}Z`;
  });
}

export const casesFile = (sourceFolder: string): string => join(sourceFolder, "fixtures", "cases.yaml");

/** The cases of a text, or what is wrong with it; never throws. */
export function readCasesText(text: string): ManifestReading<FixtureCase[]> {
  return readYaml(fillIn(text), z.array(FixtureCase).min(1, "has no case yet"), words);
}

/** The cases of one source, from `fixtures/cases.yaml`. @throws ToolError that names the file, the line and the field */
export function readCases(sourceFolder: string): FixtureCase[] {
  const file = casesFile(sourceFolder);
  const text = readText(file);
  if (text === undefined) throw new ToolError(`There is no ${file}: write its cases, or record one.`);
  const { manifest, diagnostics } = readCasesText(text);
  if (manifest !== undefined) return manifest;
  const faults = diagnostics.map(
    ({ line, column, field, message }) => `${file}:${line}:${column} ${field ?? ""} ${message}`,
  );
  throw new ToolError(faults.join("\n"));
}
