import { z } from "zod";
import { endpoints } from "./endpoint.ts";
import { Id, Timestamp } from "./fields.ts";
import { Pap, Tlp } from "./markings.ts";

/** Server settings that live in the database and hold on every node. Each has its default and its description here. */
export const ServerConfig = z.strictObject({
  lookupDeadlineMs: z
    .number()
    .int()
    .min(100)
    .max(300_000)
    .default(30_000)
    .meta({ description: "How long a lookup may take when the caller does not say, in milliseconds" }),
  defaultTlp: Tlp.default("GREEN").meta({ description: "TLP of a lookup when the caller does not say" }),
  defaultPap: Pap.default("GREEN").meta({ description: "PAP of a lookup when the caller does not say" }),
  javascriptEnabled: z.boolean().default(true).meta({ description: "Sources in JavaScript and TypeScript are asked" }),
  pythonEnabled: z.boolean().default(true).meta({ description: "Sources in Python are asked" }),
  auditDaysKept: z
    .number()
    .int()
    .min(30)
    .max(3650)
    .default(400)
    .meta({ description: "How long events are kept, in days" }),
});
export type ServerConfig = z.infer<typeof ServerConfig>;
export const ServerConfigPatch = z.strictObject({
  lookupDeadlineMs: ServerConfig.shape.lookupDeadlineMs.unwrap().optional(),
  defaultTlp: Tlp.optional(),
  defaultPap: Pap.optional(),
  javascriptEnabled: z.boolean().optional(),
  pythonEnabled: z.boolean().optional(),
  auditDaysKept: ServerConfig.shape.auditDaysKept.unwrap().optional(),
});
export type ServerConfigPatch = z.infer<typeof ServerConfigPatch>;

export const ConfigItem = z.strictObject({
  name: z.enum(Object.keys(ServerConfig.shape) as [keyof ServerConfig, ...(keyof ServerConfig)[]]),
  description: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
  default: z.union([z.string(), z.number(), z.boolean()]),
  /** null: the default is in force. */
  changedAt: Timestamp.nullable(),
  changedUserId: Id.nullable(),
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
    summary: "Change server settings",
    access: "config:write",
    body: ServerConfigPatch,
    responses: { 200: Config },
  },
});
