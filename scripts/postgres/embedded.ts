import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Client } from "pg";
import { Failure } from "../failure.ts";
import { freePort } from "../launch/port.ts";
import { linkLibraries, postgresFolder } from "./binaries.ts";
import { openCluster, type Cluster } from "./cluster.ts";
import { spawnFenced, type FencedProcess } from "./fence.ts";

export interface EmbeddedPostgresOptions {
  /** Holds the data directory, its password and its port. Made if absent. */
  readonly dataDir: string;
  /** False: no fsync, for tests and benchmarks; a crash may lose or spoil the data. Default true. */
  readonly durable?: boolean;
}

export interface EmbeddedPostgres {
  /** `postgresql://…/assay`, as a role that may create databases. The same after a restart, unless its port was taken. */
  readonly url: string;
  /** Resolves when the server has ended, whoever ended it, with its last words. */
  readonly exited: Promise<string>;
  /** Ends sessions, writes all out and resolves when no process is left. */
  stop(): Promise<void>;
}

const logLinesKept = 20;

/** For one machine that also runs everything else: small memory, no compilation of queries. */
function settings(port: number, durable: boolean): string[] {
  const durability = durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
  const all = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    max_connections: 60,
    shared_buffers: "128MB",
    effective_cache_size: "512MB",
    maintenance_work_mem: "64MB",
    max_wal_size: "1GB",
    checkpoint_completion_target: 0.9,
    random_page_cost: 1.1,
    jit: "off",
    io_method: "sync",
    wal_level: "minimal",
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    log_checkpoints: "off",
    password_encryption: "scram-sha-256",
    ...durability,
  };
  return Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

async function rememberedPort(file: string): Promise<number> {
  const text = await readFile(file, "utf8").catch(() => "");
  const port = await freePort(/^\d{1,5}\n?$/.test(text) ? Number(text) : 0);
  if (text.trim() !== String(port)) await writeFile(file, `${port}\n`, { mode: 0o600 });
  return port;
}

interface Watched {
  readonly ready: Promise<void>;
  readonly exited: Promise<string>;
}

function watch({ child }: FencedProcess): Watched {
  const lines: string[] = [];
  const ready = Promise.withResolvers<void>();
  const exited = new Promise<string>((resolve) => child.once("exit", () => resolve(lines.join("\n"))));
  createInterface(child.stderr as Readable).on("line", (line) => {
    lines.push(line);
    if (lines.length > logLinesKept) lines.shift();
    if (line.includes("database system is ready to accept connections")) ready.resolve();
  });
  void exited.then((said) => ready.reject(new Failure(`PostgreSQL ended while starting, and said:\n${said}`)));
  ready.promise.catch(() => undefined);
  return { ready: ready.promise, exited };
}

async function createDatabase({ password }: Cluster, port: number): Promise<void> {
  const client = new Client({ host: "127.0.0.1", port, user: "assay", password, database: "postgres" });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = 'assay'");
    if (rowCount === 0) await client.query("create database assay");
  } finally {
    await client.end();
  }
}

/**
 * Starts the PostgreSQL that npm installed, on the loopback address, with its data below `dataDir`. It ends when this process does,
 * however this process ends. Needs bubblewrap.
 * @throws Failure
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, durable = true } = options;
  const folder = postgresFolder();
  await linkLibraries(folder);
  const cluster = await openCluster(folder, dataDir, durable);
  const port = await rememberedPort(join(dataDir, "postgres.port"));
  const server = await spawnFenced({
    folder,
    writable: cluster.folder,
    command: [join(folder, "bin", "postgres"), "-D", cluster.folder, ...settings(port, durable)],
  });
  const { ready, exited } = watch(server);
  const stop = async () => {
    // SIGINT is PostgreSQL's "fast shutdown". bubblewrap would not pass it on, so it goes to the server itself.
    if (server.child.exitCode === null && server.child.signalCode === null) process.kill(server.pid, "SIGINT");
    await exited;
  };
  await ready;
  await createDatabase(cluster, port).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url: `postgresql://assay:${cluster.password}@127.0.0.1:${port}/assay`, exited, stop };
}
