import { z } from "zod";
import { ManifestCache } from "./cache-lifetimes.ts";
import { durationMs, HttpUrl, Slug } from "./fields.ts";
import { IndicatorKind, StripPart } from "./indicators.ts";
import { HostPattern } from "./host-pattern.ts";
import { Tlp } from "./markings.ts";
import { LimitMode, limitWaitMsDefault, QuotaWindows, sourceLimits } from "./quotas.ts";
import { SecretSlots, secretSlotProblems } from "./secret-slots.ts";

/** What asking a source gives away: nothing, a look-up at a third party, contact with the target, publication. */
export const Exposure = z.enum(["local", "passive", "active", "public"]);
export type Exposure = z.infer<typeof Exposure>;

/** Admiralty scale. */
export const Reliability = z.enum(["A", "B", "C", "D", "E", "F"]);
export type Reliability = z.infer<typeof Reliability>;

const scalar = { title: z.string().max(120).optional(), description: z.string().max(1000).optional() };
/** One setting of a source, in the words of JSON Schema. */
export const ConfigProperty = z.discriminatedUnion("type", [
  z.strictObject({
    ...scalar,
    type: z.literal("integer"),
    minimum: z.number().int().optional(),
    maximum: z.number().int().optional(),
    default: z.number().int(),
  }),
  z.strictObject({
    ...scalar,
    type: z.literal("number"),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    default: z.number(),
  }),
  z.strictObject({ ...scalar, type: z.literal("boolean"), default: z.boolean() }),
  z.strictObject({
    ...scalar,
    type: z.literal("string"),
    enum: z.array(z.string()).min(1).optional(),
    maxLength: z.number().int().optional(),
    default: z.string(),
  }),
]);
export type ConfigProperty = z.infer<typeof ConfigProperty>;

export const ConfigSchema = z.record(
  z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,59}$/, "must be a camelCase name"),
  ConfigProperty,
);
export type ConfigSchema = z.infer<typeof ConfigSchema>;

/** The highest TLP that a source of this exposure gets unless it says otherwise. */
export const maxTlpOfExposure: Readonly<Record<Exposure, Tlp>> = {
  local: "RED",
  passive: "AMBER",
  active: "GREEN",
  public: "CLEAR",
};

/** `source.yaml` of the catalogue. */
export const SourceManifest = z
  .strictObject({
    name: z.string().min(1).max(120),
    description: z.string().max(4000),
    provider: Slug,
    language: z.enum(["javascript", "typescript", "python"]),
    indicators: z.array(IndicatorKind).min(1),
    exposure: Exposure,
    reliability: Reliability,
    maxTlp: Tlp.optional(),
    strip: z.array(StripPart).max(StripPart.options.length).default([]),
    hosts: z.array(HostPattern).default([]),
    secrets: SecretSlots.default([]),
    config: ConfigSchema.default({}),
    timeout: z
      .string()
      .regex(/^\d{1,6}(ms|s|m)$/, 'must be a duration such as "10s"')
      .transform(durationMs)
      .default(10_000),
    cache: ManifestCache.optional(),
    quota: QuotaWindows.default([]),
    callsPerLookup: sourceLimits.callsPerLookup.default(1),
    limitMode: LimitMode.default("fail"),
    limitWait: z
      .string()
      .regex(/^\d{1,6}(ms|s|m)$/, 'must be a duration such as "10s"')
      .transform(durationMs)
      .pipe(sourceLimits.limitWaitMs)
      .default(limitWaitMsDefault),
    tags: z.array(z.string().min(1).max(40)).max(20).default([]),
    url: HttpUrl.nullable().default(null),
  })
  .superRefine(({ secrets, hosts }, context) => {
    for (const { path, message } of secretSlotProblems(secrets, hosts))
      context.addIssue({ code: "custom", path: ["secrets", ...path], message });
  });
export type SourceManifest = z.infer<typeof SourceManifest>;

/** `providers/<slug>.yaml` of the catalogue. */
export const ProviderManifest = z.strictObject({
  name: z.string().min(1).max(120),
  description: z.string().min(1).max(4000),
  url: HttpUrl.nullable().default(null),
  family: Slug.optional(),
});
export type ProviderManifest = z.infer<typeof ProviderManifest>;

/** Problems of configuration values against their schema: one sentence per value, by name. */
export function configValueProblems(
  schema: ConfigSchema,
  values: Readonly<Record<string, unknown>>,
): { name: string; message: string }[] {
  const problems: { name: string; message: string }[] = [];
  for (const [name, value] of Object.entries(values)) {
    const property = Object.hasOwn(schema, name) ? schema[name] : undefined;
    const message = property === undefined ? "is not a setting of this source" : valueProblem(property, value);
    if (message !== null) problems.push({ name, message });
  }
  return problems;
}

function valueProblem(property: ConfigProperty, value: unknown): string | null {
  switch (property.type) {
    case "boolean":
      return typeof value === "boolean" ? null : "must be true or false";
    case "string":
      if (typeof value !== "string") return "must be text";
      if (property.enum && !property.enum.includes(value)) return `must be one of ${property.enum.join(", ")}`;
      return value.length > (property.maxLength ?? 4000)
        ? `must have at most ${property.maxLength ?? 4000} characters`
        : null;
    case "integer":
    case "number": {
      if (typeof value !== "number" || !Number.isFinite(value)) return "must be a number";
      if (property.type === "integer" && !Number.isInteger(value)) return "must be a whole number";
      if (property.minimum !== undefined && value < property.minimum) return `must be ${property.minimum} or more`;
      return property.maximum !== undefined && value > property.maximum ? `must be ${property.maximum} or less` : null;
    }
  }
}

/** The values that user code sees: what is set, and the defaults of the rest. */
export function effectiveConfig(
  schema: ConfigSchema,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const valueOf = (name: string): unknown => (Object.hasOwn(values, name) ? values[name] : undefined);
  return Object.fromEntries(
    Object.entries(schema).map(([name, property]) => [name, valueOf(name) ?? property.default]),
  );
}
