import { z } from "zod";
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

const Config = z.strictObject({ items: z.array(ConfigItem) });

export const configApi = endpoints({
  get: {
    method: "GET",
    path: "/config",
    summary: "Server settings",
    access: "config:read",
    responses: { 200: Config },
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
