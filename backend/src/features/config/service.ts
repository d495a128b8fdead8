import { type ConfigItem, ServerConfig, type ServerConfigPatch, type SettingName, settingNames } from "@assay/contract";
import { z } from "zod";
import { requireUser } from "../../authorise.ts";
import type { Context } from "../../context.ts";
import { failValidation } from "../../problem-error.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { recordAudit } from "../audit/record.ts";
import { configChannel, type ConfigStore } from "./config-store.ts";
import { deleteSetting, emailsOf, lockSettings, readSettings, type StoredSetting, writeSetting } from "./queries.ts";

const defaults = ServerConfig.parse({});

/** Every server setting: what holds and why, what may be set, and who changed it when. */
export async function getConfig(ctx: Context, store: ConfigStore): Promise<ConfigItem[]> {
  const rows = await readSettings(ctx.db);
  const emails = await emailsOf(
    ctx.db,
    rows.map(({ updatedUserId }) => updatedUserId).filter((id) => id !== null),
  );
  const stored = new Map(rows.map((setting) => [setting.name, setting]));
  return settingNames.map((name) => itemOf(name, store, stored.get(name), emails));
}

/**
 * Changes settings on every node, all or none; on this one before it resolves.
 * @throws ProblemError VALIDATION_FAILED for one that the environment gives
 */
export async function updateConfig(ctx: Context, store: ConfigStore, patch: ServerConfigPatch): Promise<ConfigItem[]> {
  const updatedAt = ctx.clock.now();
  const updatedUserId = requireUser(ctx.actor).id;
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  const fixed = given.filter(([name]) => store.fixed.has(name as SettingName));
  const message = "is given by ASSAY_SETTINGS in the server's environment and can only be changed there";
  if (fixed.length > 0) failValidation(fixed.map(([name]) => ({ field: `body.${name}`, message })));
  await ctx.db.transaction(async (tx) => {
    const before = valuesOf(await lockSettings(tx));
    for (const [name, value] of given) {
      if (value === null) await deleteSetting(tx, name);
      else await writeSetting(tx, { name, value, updatedAt, updatedUserId });
    }
    const after = given.map(([name, value]) => [name, value ?? defaults[name as SettingName]]);
    const changes = fieldChanges(before, { ...before, ...Object.fromEntries(after) });
    const object = { type: "config", id: null, name: "Server settings" };
    if (changes.length > 0) await recordAudit(tx, ctx, { action: "config.update", object, changes });
    await ctx.db.notify(configChannel, "", tx);
  });
  await store.reload();
  return getConfig(ctx, store);
}

function valuesOf(rows: readonly StoredSetting[]): Record<string, unknown> {
  return { ...defaults, ...Object.fromEntries(rows.map(({ name, value }) => [name, value])) };
}

function itemOf(
  name: SettingName,
  store: ConfigStore,
  stored: StoredSetting | undefined,
  emails: ReadonlyMap<string, string>,
): ConfigItem {
  const schema = ServerConfig.shape[name];
  // The words of a setting are in its schema; what else a schema can say is not used here.
  const { title, description, group, unit } = schema.meta() as unknown as Pick<
    ConfigItem,
    "title" | "description" | "group" | "unit"
  >;
  const allowed = z.toJSONSchema(schema.unwrap());
  const isFixed = store.fixed.has(name);
  const changed = isFixed ? undefined : stored;
  return {
    name,
    title,
    description,
    group,
    unit: unit ?? null,
    minimum: allowed.minimum ?? null,
    maximum: allowed.maximum ?? null,
    options: (allowed.enum as string[] | undefined) ?? null,
    value: store.current()[name],
    default: defaults[name],
    from: isFixed ? "environment" : changed ? "stored" : "default",
    changedAt: changed?.updatedAt.toISOString() ?? null,
    changedUserId: changed?.updatedUserId ?? null,
    changedEmail: emails.get(changed?.updatedUserId ?? "") ?? null,
  };
}
