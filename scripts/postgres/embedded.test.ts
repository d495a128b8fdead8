import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEmbeddedPostgres } from "./embedded.ts";

let dataDir: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "assay-postgres-test-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(dataDir, { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: "array" })).rows.flat();
  } finally {
    await client.end().catch(() => undefined);
  }
}

const answers = (url: string) =>
  query(url, "select 1").then(
    () => true,
    () => false,
  );

test("data outlives a restart at the same address; only the owner can read the password", async () => {
  const first = await startEmbeddedPostgres({ dataDir, durable: false });
  await query(first.url, "create table kept as select 'böse → 悪' as word");
  expect(await query(first.url, "select lower('ÄÖ') || current_setting('server_encoding')")).toEqual(["äöUTF8"]);
  await first.stop();
  expect(await answers(first.url)).toBe(false);
  expect(await first.exited).toContain("database system is shut down");

  const second = await startEmbeddedPostgres({ dataDir, durable: false });
  expect(second.url).toBe(first.url);
  expect(await query(second.url, "select word from kept")).toEqual(["böse → 悪"]);
  await second.stop();
  expect((await stat(join(dataDir, "postgres.password"))).mode & 0o777).toBe(0o600);
});

test("kill -9 of whoever started it leaves no PostgreSQL and no role; committed data is there at the next start", async () => {
  const parent = fork(join(import.meta.dirname, "../fixtures/parent.ts"), [dataDir], { silent: true });
  children.push(parent);
  const [line]: Buffer[] = await once(parent.stdout ?? parent, "data");
  const { url, pid }: { url: string; pid: number } = JSON.parse(String(line));
  await query(url, "create table kept as select 7 as number");
  expect(existsSync(`/proc/${pid}`)).toBe(true);

  parent.kill("SIGKILL");
  await expect.poll(() => answers(url)).toBe(false);
  const state = () =>
    readFile(`/proc/${pid}/stat`, "utf8").then(
      (text) => text.split(") ")[1]?.[0],
      () => "gone",
    );
  await expect.poll(state).toMatch(/gone|Z/);

  const again = await startEmbeddedPostgres({ dataDir });
  expect(await query(again.url, "select number from kept")).toEqual([7]);
  await again.stop();
});

test("a data directory that is not ours, or of another PostgreSQL, is refused in one sentence and left alone", async () => {
  const folder = join(dataDir, "postgres");
  await mkdir(folder);
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
    `${folder} is not a PostgreSQL data directory: move it away, or set ASSAY_DATA_DIR to another folder.`,
  );
  await writeFile(join(folder, "PG_VERSION"), "16\n");
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
    /^\S+ was made by PostgreSQL 16 and this Assay carries PostgreSQL 18: dump it/,
  );
  expect(await readFile(join(folder, "PG_VERSION"), "utf8")).toBe("16\n");
});

test("a port that another program has taken meanwhile is given up for a free one", async () => {
  const first = await startEmbeddedPostgres({ dataDir, durable: false });
  const other = await mkdtemp(join(tmpdir(), "assay-postgres-test-"));
  await writeFile(join(other, "postgres.port"), new URL(first.url).port);
  const second = await startEmbeddedPostgres({ dataDir: other, durable: false });
  expect(await answers(first.url)).toBe(true);
  expect(await answers(second.url)).toBe(true);
  expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
  await Promise.all([first.stop(), second.stop()]);
  await rm(other, { recursive: true });
});
