import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { postgresMajor } from "./binaries.ts";
import { runFenced } from "./fence.ts";

export interface Cluster {
  /** PostgreSQL's data directory. */
  readonly folder: string;
  readonly password: string;
}

async function createCluster(binaries: string, folder: string, durable: boolean): Promise<void> {
  const password = randomBytes(24).toString("base64url");
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const passwordFile = `${folder}.password.new`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    await runFenced({
      folder: binaries,
      writable: unfinished,
      files: { [passwordFile]: "/tmp/password" },
      command: [
        join(binaries, "bin", "initdb"),
        ...["-D", unfinished, "-U", "assay", "-A", "scram-sha-256", "--pwfile=/tmp/password"],
        ...["-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
        ...(durable ? [] : ["--no-sync"]),
      ],
    });
    // The name that the next start looks for appears only once all is there.
    await rename(passwordFile, `${folder}.password`);
    await rename(unfinished, folder);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/**
 * Opens the PostgreSQL data directory `dataDir/postgres`, and makes it at first use. The password lies beside it, mode 0600.
 * @throws Failure where the directory is of another major version, or is no data directory.
 */
export async function openCluster(binaries: string, dataDir: string, durable: boolean): Promise<Cluster> {
  const folder = join(dataDir, "postgres");
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (!existsSync(folder)) await createCluster(binaries, folder, durable);
  const found = await readFile(join(folder, "PG_VERSION"), "utf8").catch(() => undefined);
  if (found === undefined) {
    throw new Failure(
      `${folder} is not a PostgreSQL data directory: move it away, or set ASSAY_DATA_DIR to another folder.`,
    );
  }
  const ours = postgresMajor(binaries);
  if (found.trim() !== ours) {
    throw new Failure(
      `${folder} was made by PostgreSQL ${found.trim()} and this Assay carries PostgreSQL ${ours}: dump it with the older version, move it away and restore it into the new one.`,
    );
  }
  return { folder, password: (await readFile(`${folder}.password`, "utf8")).trim() };
}
