import { z } from "zod";

/** nanoid of 12 characters. */
export const Id = z
  .string()
  .regex(/^[0-9a-z]{12}$/, "must be an id: 12 characters of 0-9 and a-z")
  .meta({ description: "Id, 12 characters 0-9a-z", examples: ["4f90d13a42bc"] });

export const Slug = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be a slug: lower-case letters and digits, words joined by one hyphen");

/** What a caller names an attempt by, in the header Idempotency-Key. */
export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "must have 1 to 255 visible characters of ASCII, such as a UUID");

/** RFC 3339, UTC. */
export const Timestamp = z.iso.datetime({ offset: true }).meta({ description: "RFC 3339, UTC" });

const isoYear = /^\d{4}-/;
/** A time that a caller gives. In UTC it has a year of four digits, which is what the database and every reader of RFC 3339 take. */
export const GivenTime = z.iso
  .datetime({ offset: true, error: 'must be a time such as "2026-01-31T12:00:00Z"' })
  .refine(
    (text) => isoYear.test(inUtc(text)) && !inUtc(text).startsWith("0000"),
    "must be in the years 0001 to 9999, in UTC",
  )
  .overwrite(inUtc)
  .meta({ description: "RFC 3339" });

/** The same moment in UTC; as it is where it is none. */
function inUtc(text: string): string {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : at.toISOString();
}

export const HttpUrl = z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).max(2048);

/** A query parameter that is a list: `a,b,c` or the parameter repeated. */
export const idList = z
  .union([z.string(), z.array(z.string())])
  .transform((value) =>
    (Array.isArray(value) ? value : [value]).flatMap((part) => part.split(",")).filter((part) => part !== ""),
  )
  .pipe(z.array(Id).min(1, "must name at least one id, or be left out").max(1000));

/** A query parameter that is yes or no. */
export const flag = z.enum(["true", "false", "1", "0"]).transform((value) => value === "true" || value === "1");

/** Milliseconds from "30s", "1500ms" or "1m", ten minutes at the most. */
export const duration = z
  .string()
  .regex(/^\d{1,7}(ms|s|m)$/, 'must be a duration such as "30s", "1500ms" or "2m"')
  .transform(durationMs)
  .pipe(z.number().max(600_000, "must be ten minutes or less"));

/** Milliseconds of a duration such as `30s`; the text has been validated. */
export function durationMs(text: string): number {
  const unit = text.endsWith("ms") ? "ms" : text.slice(-1);
  const amount = Number.parseInt(text, 10);
  const factors: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  return amount * (factors[unit] ?? Number.NaN);
}

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: "Rows in a page" }),
  cursor: z.string().max(1000).optional().meta({ description: "The nextCursor of the page before" }),
};

/** A page of a list. */
export function page<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export const Json: z.ZodType<Json> = z.json() as z.ZodType<Json>;
export const JsonObject = z.record(z.string(), Json);
export type JsonObject = Record<string, Json>;
