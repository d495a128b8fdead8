import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import type { LauncherConfig } from "@assay/process";

export interface Keys {
  readonly sessionSecret: string;
  readonly runnerToken: string;
}

/** The key kept in `file`, made at first use; only the owner of the data directory can read it. */
async function keptKey(file: string): Promise<string> {
  const kept = await readFile(file, "utf8").catch(() => "");
  if (kept.trim().length >= 32) return kept.trim();
  const made = randomBytes(32).toString("base64url");
  await writeFile(file, `${made}\n`, { mode: 0o600 });
  return made;
}

/**
 * The keys of this installation: those configured, else those kept in the data directory. Where other machines take part (a database or
 * runners of one's own), a key made up here would not be theirs, so it is demanded.
 * @throws Failure
 */
export async function openKeys(config: LauncherConfig): Promise<Keys> {
  const { dataDir, databaseUrl, runners, sessionSecret, runnerToken } = config;
  const foreignRunners = runners.javascript !== undefined || runners.python !== undefined;
  const missing = [
    ...(databaseUrl !== undefined && sessionSecret === undefined ? ["ASSAY_SESSION_SECRET"] : []),
    ...((databaseUrl !== undefined || foreignRunners) && runnerToken === undefined ? ["ASSAY_RUNNER_TOKEN"] : []),
  ];
  if (missing.length > 0) {
    throw new Failure(
      `${missing.join(" and ")} must be set where DATABASE_URL or ASSAY_RUNNERS_… is, the same on every machine: give each at least 32 random characters, such as the output of openssl rand -hex 32.`,
    );
  }
  return {
    sessionSecret: sessionSecret ?? (await keptKey(join(dataDir, "session-secret"))),
    runnerToken: runnerToken ?? (await keptKey(join(dataDir, "runner-token"))),
  };
}
