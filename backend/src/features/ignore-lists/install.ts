import { createHash } from "node:crypto";
import { glob, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Logger } from "@assay/process";
import type { Clock } from "../../context.ts";
import type { Database, Transaction } from "../../db/database.ts";
import { ProblemError } from "../../problem-error.ts";
import { slugOf } from "../../slug.ts";
import { systemAudit } from "../audit/record.ts";
import { fillList } from "./entries.ts";
import { ignoreListsChannel } from "./ignore-list-store.ts";
import { catalogueLists, insertIgnoreList, updateIgnoreList } from "./queries.ts";
import { readMispEntries, readMispList } from "./read-file.ts";
import { fillTimeoutMs, newFields, recordList } from "./service.ts";

/** A folder of MISP warning lists: `<slug>.json`, or `<slug>/list.json` as in MISP's own repository. */
export interface ListFolder {
  readonly folder: string;
  /** Whether a list is switched on when it is first installed. */
  readonly enabled: boolean;
}

interface ListFile {
  readonly slug: string;
  readonly enabled: boolean;
  readonly content: string;
  readonly hash: string;
}

const installLock = 4_019_380;

/**
 * Installs the lists in these folders, or what is new in them; a file that is no list is told in the log and left out, and so are
 * entries that cannot be used. Processes that start together wait for each other. Returns how many lists were written.
 */
export async function installIgnoreLists(
  db: Database,
  clock: Clock,
  log: Logger,
  folders: readonly ListFolder[],
): Promise<number> {
  const files = (await Promise.all(folders.map(readFolder))).flat();
  const options = { timeoutMs: fillTimeoutMs };
  let written = 0;
  for (const file of files) {
    const isWritten = await db.transaction((tx) => install(tx, file, { db, clock, log }), options);
    if (isWritten) written++;
  }
  return written + (await release(db, clock, new Set(files.map(({ slug }) => slug))));
}

async function readFolder({ folder, enabled }: ListFolder): Promise<ListFile[]> {
  const paths = [
    ...(await Array.fromAsync(glob("*.json", { cwd: folder }))),
    ...(await Array.fromAsync(glob("*/list.json", { cwd: folder }))),
  ];
  return Promise.all(
    paths.sort().map(async (path) => {
      const content = await readFile(join(folder, path), "utf8");
      const name = basename(path) === "list.json" && dirname(path) !== "." ? dirname(path) : basename(path, ".json");
      const hash = createHash("sha256").update(content).digest("hex");
      return { slug: slugOf(name, "list"), enabled, content, hash };
    }),
  );
}

interface Tools {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

async function install(tx: Transaction, file: ListFile, { db, clock, log }: Tools): Promise<boolean> {
  const { slug, hash, enabled } = file;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${installLock})`;
  const row = (await catalogueLists(tx, [slug])).find((each) => each.slug === slug);
  if (row?.catalogue && row.catalogueHash === hash) return false;
  if (row && row.catalogueHash === null) {
    log.warn({ slug }, "there is a list to install under a slug that one of your own has; yours stays");
    return false;
  }
  const read = await readFileOf(file, log);
  if (read === null) return false;
  const { misp, entries } = read;
  const now = clock.now();
  const { name, description, version, indicatorKinds, kind } = misp;
  const offered = { name, description, version, indicatorKinds: [...indicatorKinds] };
  const audit = systemAudit(clock);
  const installed = { catalogue: true, catalogueHash: hash };
  if (row) {
    const after = await fillList(tx, row, entries, { ...offered, ...installed, updatedAt: now, updatedUserId: null });
    const { sources, providers } = after;
    await recordList(tx, audit, "ignoreList.upgrade", { ...row, sources, providers }, after);
  } else {
    const fields = newFields({ ...offered, slug, kind, enabled, global: true, now });
    const list = await insertIgnoreList(tx, { ...fields, ...installed });
    await recordList(tx, audit, "ignoreList.install", null, await fillList(tx, list, entries));
  }
  await db.notify(ignoreListsChannel, "", tx);
  return true;
}

async function readFileOf({ slug, content }: ListFile, log: Logger) {
  try {
    const misp = readMispList(content);
    const { entries, leftOut } = await readMispEntries(misp, "leave_out");
    if (leftOut > 0) log.warn({ slug, leftOut }, "entries of an ignore list cannot be used and were left out");
    return { misp, entries };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    log.warn({ slug, reason: error.message }, "a file is no ignore list and was left out");
    return null;
  }
}

/** What the folders have no more stays, and is the user's own from now on. */
async function release(db: Database, clock: Clock, offered: ReadonlySet<string>): Promise<number> {
  return db.transaction(async (tx) => {
    const gone = (await catalogueLists(tx, [])).filter(({ catalogue, slug }) => catalogue && !offered.has(slug));
    for (const row of gone) {
      const after = await updateIgnoreList(tx, row.id, { catalogue: false });
      await recordList(
        tx,
        systemAudit(clock),
        "ignoreList.release",
        { ...row, sources: after.sources, providers: after.providers },
        after,
      );
    }
    return gone.length;
  });
}
