import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Failure } from "../failure.ts";

/** Who holds a lock. A process id alone may have been given to another process since. */
interface Holder {
  readonly pid: number;
  readonly startedAtTicks: string;
}

/** When a process started, in clock ticks since boot (field 22 of /proc/PID/stat, proc(5)). Undefined for a process that is gone. */
function startedAtTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the program's name in parentheses, may itself hold blanks and parentheses.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

const write = ({ pid, startedAtTicks }: Holder) => `${pid} ${startedAtTicks}\n`;

function parseHolder(text: string): Holder | undefined {
  const [, pid, startedAtTicks] = /^(\d+) (\d+)\n$/.exec(text) ?? [];
  return pid === undefined || startedAtTicks === undefined ? undefined : { pid: Number(pid), startedAtTicks };
}

const read = (path: string) => readFile(path, "utf8").catch(() => undefined);

/** Creates `path` with its content in one step. False where it exists. */
async function create(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, content, { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Takes a dead holder's lock away. Two processes may try at once: what was moved away is put back if it is not what was judged. */
async function bury(path: string, judged: string): Promise<void> {
  const grave = `${path}.${randomBytes(6).toString("hex")}`;
  await rename(path, grave).catch(() => undefined);
  if ((await read(grave)) !== judged) await link(grave, path).catch(() => undefined);
  await rm(grave, { force: true });
}

/** Makes a folder and those above it. Node's own way never ends where a file system, such as /proc, says "no such file" to every attempt. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || existsSync(dirname(path))) throw error;
    await makeFolder(dirname(path));
    await makeFolder(path);
  }
}

/** Resolves with the function that releases the lock, or with the process that holds it. */
async function tryLock(path: string): Promise<(() => Promise<void>) | Holder> {
  await makeFolder(dirname(path));
  const mine = write({ pid: process.pid, startedAtTicks: startedAtTicks(process.pid) ?? "0" });
  for (;;) {
    if (await create(path, mine)) return () => rm(path, { force: true });
    const text = await read(path);
    if (text === undefined) continue;
    const holder = parseHolder(text);
    if (holder && startedAtTicks(holder.pid) === holder.startedAtTicks) return holder;
    await bury(path, text);
  }
}

/**
 * Takes the lock of a data directory for this process.
 * @throws Failure while another process on this machine has it; a dead one's lock is taken over.
 */
export async function lockDataDir(dataDir: string): Promise<() => Promise<void>> {
  const lock = await tryLock(`${dataDir}/lock`).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(
      `The data directory ${dataDir} cannot be written (${reason}): set ASSAY_DATA_DIR to a folder that can.`,
    );
  });
  if (typeof lock === "function") return lock;
  throw new Failure(
    `The data directory ${dataDir} is in use by another Assay (process ${lock.pid}): stop that one, or set ASSAY_DATA_DIR to another folder.`,
  );
}

/** Runs `work` while no other process on this machine runs work under the same lock. */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  let lock = await tryLock(path);
  while (typeof lock !== "function") {
    await delay(200);
    lock = await tryLock(path);
  }
  return work().finally(lock);
}
