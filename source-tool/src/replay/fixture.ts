import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IndicatorKind, Json, JsonObject } from "@assay/contract";
import { parse } from "yaml";
import { z } from "zod";

const HttpExchange = z.strictObject({
  method: z.enum(["GET", "POST"]),
  url: z.url(),
  status: z.int().min(100).max(599).default(200),
  headers: z.record(z.string(), z.string()).default({}),
  /** The body to the letter, or as JSON. */
  body: z.string().optional(),
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
  upstream: z.array(z.union([HttpExchange, DnsExchange])).default([]),
  expected: Expected,
});
export type FixtureCase = z.infer<typeof FixtureCase>;

/** `{{daysAgo 3}}` is the time three days and one hour before the test began, in RFC 3339. */
function fillIn(text: string): string {
  const hourMs = 3_600_000;
  return text.replaceAll(/\{\{daysAgo (\d+)\}\}/g, (_, days: string) => {
    const time = new Date(Date.now() - (Number(days) * 24 + 1) * hourMs);
    return `${time.toISOString().slice(0, 19)}Z`;
  });
}

/** The cases of one source, from `fixtures/cases.yaml`. Throws an Error that names the file and the field. */
export function readCases(sourceFolder: string): FixtureCase[] {
  const file = join(sourceFolder, "fixtures", "cases.yaml");
  const parsed = z
    .array(FixtureCase)
    .min(1)
    .safeParse(parse(fillIn(readFileSync(file, "utf8"))));
  if (parsed.success) return parsed.data;
  throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
}

/** The folders of all sources. */
export function sourceFolders(catalogueFolder: string): string[] {
  return readdirSync(catalogueFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["providers", "testing", "types"].includes(entry.name))
    .map((entry) => join(catalogueFolder, entry.name));
}
