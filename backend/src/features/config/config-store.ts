import { issueText, ServerConfig, type SettingName, settingNames } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Database } from "../../db/database.ts";
import { followChanges } from "../../db/follow-changes.ts";
import { StartError } from "../../start-error.ts";
import { readSettings, type StoredSetting } from "./queries.ts";

export const configChannel = "config_changed";

/** The server settings in force, in memory, and kept true by the database's own word of a change on any node. */
export interface ConfigStore {
  current(): ServerConfig;
  /** Settings that the environment gives; they cannot be changed. */
  readonly fixed: ReadonlySet<SettingName>;
  /** Resolves when `current` gives what the database has. */
  reload(): Promise<void>;
}

/**
 * Loads the settings and follows their changes. `given` are those of the environment, which win.
 * @throws StartError when one of `given` is not a setting or not allowed
 */
export async function openConfigStore(
  db: Database,
  log: Logger,
  given: Readonly<Record<string, unknown>> = {},
): Promise<ConfigStore> {
  checkGiven(given);
  let config = ServerConfig.parse(given);
  const load = async (): Promise<void> => {
    config = configOf(await readSettings(db), given, log);
  };
  const { reload } = await followChanges(db, { channels: [configChannel], what: "settings", log, load });
  const fixed = new Set(settingNames.filter((name) => Object.hasOwn(given, name)));
  return { current: () => config, fixed, reload };
}

/** A stored value that this version does not allow counts as not set. */
function configOf(
  stored: readonly StoredSetting[],
  given: Readonly<Record<string, unknown>>,
  log: Logger,
): ServerConfig {
  const allowed = stored.filter(({ name, value }) => {
    const single = ServerConfig.safeParse({ [name]: value });
    if (!single.success) log.warn({ setting: name }, "a stored setting is not allowed; its default holds");
    return single.success;
  });
  return ServerConfig.parse({ ...Object.fromEntries(allowed.map(({ name, value }) => [name, value])), ...given });
}

function checkGiven(given: Readonly<Record<string, unknown>>): void {
  const result = ServerConfig.safeParse(given, { error: issueText });
  if (result.success) return;
  const faults = result.error.issues.map((issue) =>
    issue.code === "unrecognized_keys"
      ? `${issue.keys.join(", ")}: there is no such setting`
      : `${issue.path.join(".")} ${issue.message}`,
  );
  throw new StartError(`ASSAY_SETTINGS cannot be used: ${faults.join("; ")}. Correct or remove it.`);
}
