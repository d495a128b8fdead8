import { ServerConfig } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Database } from "../../db/database.ts";
import { readSettings, type StoredSetting } from "./queries.ts";

export const configChannel = "config_changed";

/** The server settings in force, in memory, and kept true by the database's own word of a change on any node. */
export interface ConfigStore {
  current(): ServerConfig;
  /** Resolves when `current` gives what the database has. */
  reload(): Promise<void>;
}

/** Loads the settings and follows their changes. */
export async function openConfigStore(db: Database, log: Logger): Promise<ConfigStore> {
  let config = ServerConfig.parse({});
  const load = async (): Promise<void> => {
    config = configOf(await readSettings(db), log);
  };
  // One read at a time, so that an older one never overtakes a newer.
  let last: Promise<void> = Promise.resolve();
  const reload = (): Promise<void> => (last = last.catch(() => undefined).then(load));
  await db.listen(configChannel, () => {
    reload().catch((error: unknown) => log.error({ err: error }, "settings could not be read again"));
  });
  await reload();
  return { current: () => config, reload };
}

/** A stored value that this version does not allow counts as not set. */
function configOf(stored: readonly StoredSetting[], log: Logger): ServerConfig {
  const allowed = stored.filter(({ name, value }) => {
    const single = ServerConfig.safeParse({ [name]: value });
    if (!single.success) log.warn({ setting: name }, "a stored setting is not allowed; its default holds");
    return single.success;
  });
  return ServerConfig.parse(Object.fromEntries(allowed.map(({ name, value }) => [name, value])));
}
