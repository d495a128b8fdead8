import { z } from "zod";
import { Outcome } from "./answers.ts";
import { endpoints } from "./endpoint.ts";
import { Id, Timestamp } from "./fields.ts";
import { ServerConfigPatch, settingGroups, settingNames, settingUnits } from "./server-config.ts";

const SettingValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

export const ConfigItem = z.strictObject({
  name: z.enum(settingNames),
  title: z.string(),
  description: z.string(),
  group: z.enum(settingGroups),
  unit: z.enum(settingUnits).nullable(),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
  options: z.array(z.string()).nullable().meta({ description: "The words that are allowed, where it is one of a few" }),
  value: SettingValue,
  default: SettingValue,
  from: z
    .enum(["default", "environment", "stored"])
    .meta({ description: "What gives the value; environment: ASSAY_SETTINGS, which cannot be changed here" }),
  changedAt: Timestamp.nullable(),
  changedUserId: Id.nullable(),
  changedEmail: z.string().nullable(),
});
export type ConfigItem = z.infer<typeof ConfigItem>;

const atMost = "100000 stands for so many or more";

/** How much lookups take up, and what the settings of retention would delete now. */
export const Retention = z.strictObject({
  usedBytes: z.number().int().meta({ description: "What lookups, their answers and batches take up, by a sample" }),
  diskBytes: z.number().int().meta({
    description: "Size of their tables on disk; PostgreSQL uses freed space again rather than give it back",
  }),
  limitBytes: z.number().int().nullable().meta({ description: "null: no limit" }),
  oldestAt: Timestamp.nullable().meta({ description: "The oldest lookup; null: there is none" }),
  due: z.strictObject({
    lookups: z
      .number()
      .int()
      .meta({ description: `Lookups older than they are kept; ${atMost}` }),
    batches: z
      .number()
      .int()
      .meta({ description: `Batches that ended longer ago than lookups are kept; ${atMost}` }),
    answers: z.record(Outcome, z.number().int()).meta({
      description: `Answers older than they are kept, of lookups that stay; ${atMost}`,
    }),
    bytes: z
      .number()
      .int()
      .meta({ description: "Beyond the limit; the oldest lookups and batches go until it is kept" }),
  }),
});
export type Retention = z.infer<typeof Retention>;

const Config = z.strictObject({ items: z.array(ConfigItem) });

export const configApi = endpoints({
  get: {
    method: "GET",
    path: "/config",
    summary: "Server settings",
    access: "config:read",
    responses: { 200: Config },
  },
  retention: {
    method: "GET",
    path: "/config/retention",
    summary: "How much lookups take up, and what retention would delete now",
    access: "config:read",
    responses: { 200: Retention },
  },
  update: {
    method: "PATCH",
    path: "/config",
    summary: "Change server settings, all or none; null goes back to the default",
    access: "config:write",
    body: ServerConfigPatch,
    responses: { 200: Config },
  },
});
