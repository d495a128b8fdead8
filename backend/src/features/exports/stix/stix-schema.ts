import { z } from "zod";

/** For tests. The object types that we write, strictly, from the tables of STIX 2.1 (OASIS Standard, 10 June 2021). Only what we use of each. */
const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
const id = (...types: string[]) => z.string().regex(new RegExp(`^(${types.join("|")})--${uuid}$`));
const anyId = id("[a-z0-9-]+");
const timestamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
const some = <T extends z.ZodType>(item: T) => z.array(item).min(1);

const externalReference = z
  .strictObject({ source_name: z.string().min(1), url: z.url().optional(), external_id: z.string().optional() })
  .refine(({ url, external_id }) => url !== undefined || external_id !== undefined);
const common = (type: string) => ({
  type: z.literal(type),
  spec_version: z.literal("2.1"),
  id: id(type),
  object_marking_refs: some(id("marking-definition")).optional(),
});
const domain = (type: string) => ({
  ...common(type),
  created: timestamp,
  modified: timestamp,
  created_by_ref: id("identity").optional(),
  labels: some(z.string()).optional(),
  confidence: z.number().int().min(0).max(100).optional(),
  external_references: some(externalReference).optional(),
});
const authors = some(z.string()).optional();
const value = (type: string) => z.strictObject({ ...common(type), value: z.string().min(1) });
const hashAlgorithm = z.enum(["MD5", "SHA-1", "SHA-256", "SHA-512", "SSDEEP", "TLSH"]);

const marking = z.strictObject({
  ...common("marking-definition"),
  created: timestamp,
  name: z.string(),
  extensions: z.strictObject({
    "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": z.strictObject({
      extension_type: z.literal("property-extension"),
      tlp_2_0: z.enum(["clear", "green", "amber", "amber+strict", "red"]),
    }),
  }),
});

export const StixObjectSchema = z
  .discriminatedUnion("type", [
    marking,
    z.strictObject({
      ...domain("identity"),
      name: z.string(),
      identity_class: z.enum(["individual", "group", "system", "organization", "class", "unknown"]),
    }),
    z.strictObject({
      ...domain("indicator"),
      name: z.string(),
      description: z.string(),
      indicator_types: some(z.enum(["anomalous-activity", "benign", "malicious-activity", "unknown"])),
      pattern: z.string().regex(/^\[[a-z0-9-]+:.+ = .+\]$/),
      pattern_type: z.literal("stix"),
      pattern_version: z.literal("2.1"),
      valid_from: timestamp,
      valid_until: timestamp.optional(),
    }),
    z.strictObject({ ...domain("note"), abstract: z.string(), content: z.string(), authors, object_refs: some(anyId) }),
    z.strictObject({
      ...domain("opinion"),
      explanation: z.string().optional(),
      authors,
      opinion: z.enum(["strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"]),
      object_refs: some(anyId),
    }),
    z.strictObject({ ...domain("vulnerability"), name: z.string() }),
    z.strictObject({
      ...domain("relationship"),
      relationship_type: z.string().regex(/^[a-z0-9-]+$/),
      description: z.string().optional(),
      source_ref: anyId,
      target_ref: anyId,
    }),
    z
      .strictObject({
        ...domain("sighting"),
        first_seen: timestamp,
        last_seen: timestamp,
        sighting_of_ref: id("indicator"),
        where_sighted_refs: some(id("identity", "location")),
      })
      .refine((sighting) => sighting.last_seen >= sighting.first_seen, "seen last before first"),
    value("ipv4-addr"),
    value("ipv6-addr"),
    value("domain-name"),
    value("url"),
    value("email-addr"),
    z.strictObject({ ...common("mac-addr"), value: z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/) }),
    z.strictObject({ ...common("autonomous-system"), number: z.number().int() }),
    z.strictObject({ ...common("file"), hashes: z.partialRecord(hashAlgorithm, z.string()) }),
    z.strictObject({ ...common("windows-registry-key"), key: z.string().regex(/^HKEY_/) }),
    z.strictObject({
      ...common("network-traffic"),
      dst_ref: id("ipv4-addr", "ipv6-addr"),
      dst_port: z.number().int().min(0).max(65_535),
      protocols: some(z.string()),
    }),
  ])
  .refine((object) => !("modified" in object) || object.modified >= object.created, "modified before it was created");

export const StixBundleSchema = z
  .strictObject({ type: z.literal("bundle"), id: id("bundle"), objects: some(StixObjectSchema).optional() })
  .superRefine(({ objects = [] }, check) => {
    const ids = new Set(objects.map((object) => object.id));
    if (ids.size !== objects.length) check.addIssue("an object stands in the bundle twice");
    for (const [name, reference] of objects.flatMap(referencesOf)) {
      if (!ids.has(reference)) check.addIssue(`${name} ${reference} is not in the bundle`);
    }
  });

function referencesOf(object: object): [string, string][] {
  return Object.entries(object).flatMap(([name, given]) =>
    /_refs?$/.test(name) ? [given].flat().map((reference): [string, string] => [name, String(reference)]) : [],
  );
}
