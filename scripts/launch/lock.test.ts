import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDataDir, withLock } from "./lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-lock-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a second Assay on the same data directory is told who has it, and gets it once that one has left", async () => {
  const release = await lockDataDir(folder);
  await expect(lockDataDir(folder)).rejects.toThrow(
    `The data directory ${folder} is in use by another Assay (process ${process.pid}): stop that one, or set ASSAY_DATA_DIR to another folder.`,
  );
  await release();
  await (
    await lockDataDir(folder)
  )();
  expect(await readdir(folder)).toEqual([]);
});

test("a lock whose process is gone, whose number was given to another process, or that is torn, is taken over by exactly one", async () => {
  for (const stale of ["4194999 1\n", `${process.pid} 1\n`, "12", ""]) {
    await writeFile(join(folder, "lock"), stale);
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataDir(folder)));
    const held = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    expect(held).toHaveLength(1);
    await held[0]?.();
    expect(await readdir(folder)).toEqual([]);
  }
});

test("work under one lock never overlaps", async () => {
  const path = join(folder, "work.lock");
  let inside = 0;
  const seen: number[] = [];
  const work = async () => {
    seen.push(++inside);
    await Promise.resolve();
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withLock(path, work)));
  expect(seen).toEqual([1, 1, 1]);
});

test("a data directory that cannot be made is refused with the reason", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(lockDataDir(join(folder, "file", "data"))).rejects.toThrow(
    /cannot be written \(.*ENOTDIR.*\): set ASSAY_DATA_DIR/,
  );
  await expect(lockDataDir("/proc/assay/data")).rejects.toThrow(/cannot be written \(.*ENOENT.*\): set ASSAY_DATA_DIR/);
});
