import { type ConfigItem, ServerConfig, type ServerConfigPatch } from "@assay/contract";
import { requireUser } from "../../authorise.ts";
import type { Context } from "../../context.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { recordAudit } from "../audit/record.ts";
import { configChannel, type ConfigStore } from "./config-store.ts";
import { readSettings, writeSetting } from "./queries.ts";

/** Every server setting: what holds, its default, and who changed it when. */
export async function getConfig(ctx: Context, store: ConfigStore): Promise<ConfigItem[]> {
  const stored = new Map((await readSettings(ctx.db)).map((setting) => [setting.name, setting]));
  const defaults = ServerConfig.parse({});
  const current = store.current();
  return (Object.keys(ServerConfig.shape) as (keyof ServerConfig)[]).map((name) => {
    const setting = stored.get(name);
    return {
      name,
      description: ServerConfig.shape[name].meta()?.description ?? "",
      value: current[name],
      default: defaults[name],
      changedAt: setting?.updatedAt.toISOString() ?? null,
      changedUserId: setting?.updatedUserId ?? null,
    };
  });
}

/** Changes settings on every node; on this one before it resolves. */
export async function updateConfig(ctx: Context, store: ConfigStore, patch: ServerConfigPatch): Promise<ConfigItem[]> {
  const updatedAt = ctx.clock.now();
  const updatedUserId = requireUser(ctx.actor).id;
  const changes = Object.entries(patch).filter(([, value]) => value !== undefined);
  const before = Object.fromEntries(
    Object.keys(patch).map((name) => [name, store.current()[name as keyof ServerConfig]]),
  );
  await ctx.db.transaction(async (tx) => {
    const object = { type: "config", id: null, name: "Server settings" };
    const fields = fieldChanges(before, Object.fromEntries(changes));
    await recordAudit(tx, ctx, { action: "config.update", object, changes: fields });
    for (const [name, value] of changes) await writeSetting(tx, { name, value, updatedAt, updatedUserId });
    await ctx.db.notify(configChannel, "", tx);
  });
  await store.reload();
  return getConfig(ctx, store);
}
