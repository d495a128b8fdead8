import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { type EncryptionKey, formatEncryptionKeys, type LauncherConfig, readEncryptionKeys } from "@assay/process";

export interface Keys {
  readonly sessionSecret: string;
  readonly runnerToken: string;
  /** As ASSAY_ENCRYPTION_KEYS has them. */
  readonly encryptionKeys: string;
}

/** The key kept in `file`, made at first use; only the owner of the data directory can read it. */
async function keptKey(file: string): Promise<string> {
  const kept = await readFile(file, "utf8").catch(() => "");
  if (kept.trim().length >= 32) return kept.trim();
  const made = randomBytes(32).toString("base64url");
  await writeFile(file, `${made}\n`, { mode: 0o600 });
  return made;
}

const encryptionKeysFile = "encryption-keys";

/** A key that encrypts from now on; its id says when it was made. */
function newEncryptionKey(): EncryptionKey {
  const made = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  return { id: `${made}-${randomBytes(3).toString("hex")}`, key: randomBytes(32) };
}

/** The encryption keys in the data directory, one on each line, the first one made at first use. @throws Failure when they cannot be read */
async function keptEncryptionKeys(dataDir: string): Promise<EncryptionKey[]> {
  const file = join(dataDir, encryptionKeysFile);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new Failure(`${file} cannot be read (${error.message}): let its owner start Assay.`);
  });
  if (text === null) return addEncryptionKey(dataDir, []);
  const keys = readEncryptionKeys(text.trim().replaceAll(/\s+/g, ","));
  if (keys) return keys;
  // To make a new one here would leave every secret without its key.
  throw new Failure(
    `${file} is not a list of encryption keys, one id:key on each line: restore it from a backup, or remove it and set the value of every secret anew.`,
  );
}

async function addEncryptionKey(dataDir: string, keys: readonly EncryptionKey[]): Promise<EncryptionKey[]> {
  const all = [newEncryptionKey(), ...keys];
  const file = join(dataDir, encryptionKeysFile);
  await writeFile(`${file}.new`, `${formatEncryptionKeys(all).replaceAll(",", "\n")}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return all;
}

/** Puts a new key before those in the data directory, and gives all of them as ASSAY_ENCRYPTION_KEYS has them. @throws Failure */
export async function renewEncryptionKeys(dataDir: string): Promise<string> {
  return formatEncryptionKeys(await addEncryptionKey(dataDir, await keptEncryptionKeys(dataDir)));
}

/**
 * The keys of this installation: those configured, else those kept in the data directory. Where other machines take part (a database or
 * runners of one's own), a key made up here would not be theirs, so it is demanded.
 * @throws Failure
 */
export async function openKeys(config: LauncherConfig): Promise<Keys> {
  const { dataDir, databaseUrl, runners, sessionSecret, runnerToken, encryptionKeys } = config;
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
  if (databaseUrl !== undefined && encryptionKeys === undefined) {
    throw new Failure(
      "ASSAY_ENCRYPTION_KEYS must be set where DATABASE_URL is, the same on every machine: give id:key, such as k1: and the output of openssl rand -base64 32.",
    );
  }
  return {
    sessionSecret: sessionSecret ?? (await keptKey(join(dataDir, "session-secret"))),
    runnerToken: runnerToken ?? (await keptKey(join(dataDir, "runner-token"))),
    encryptionKeys: formatEncryptionKeys(encryptionKeys ?? (await keptEncryptionKeys(dataDir))),
  };
}
