import type { Logger } from "@assay/process";
import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";
import { StartError } from "../start-error.ts";
import { PrismaClient, type Prisma } from "./generated/client.ts";
import { createNotifications, type NotificationHandler } from "./notifications.ts";
import { isDatabaseUnavailable } from "./unavailable.ts";

/** Prisma inside a transaction. */
export type Transaction = Prisma.TransactionClient;

export interface Database {
  readonly prisma: PrismaClient;
  /** The connections that Prisma uses, for the raw SQL of hot paths. */
  readonly pool: Pool;
  /** Commits when `work` resolves, undoes everything when it rejects or takes longer (20 s unless told). Inside, use only what it is given. */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: { readonly timeoutMs: number }): Promise<T>;
  /** See `NotificationHandler`. Rejects when the first connection fails. */
  listen(channel: string, handler: NotificationHandler): Promise<() => void>;
  /** Tells every process; inside a transaction when it commits. `payload` has at most 8000 bytes. */
  notify(channel: string, payload: string, tx?: Transaction): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Most connections of the pool; one more is held for notifications. */
  readonly connections: number;
  readonly log: Logger;
}

const versionMin = 15;
const connectTimeoutMs = 5_000;
/** A query that the network swallowed must not hold its caller for ever. */
const queryTimeoutMs = 30_000;
const transactionTimeoutMs = 20_000;

/**
 * Opens the database. A database that goes away later fails the queries of that time (`isDatabaseUnavailable`) and nothing else.
 * @throws StartError when it cannot be reached or is older than PostgreSQL 15.
 */
export async function openDatabase({ url, connections, log }: DatabaseOptions): Promise<Database> {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
  });
  // An idle connection that breaks says so here; without a listener that would end the process.
  pool.on("error", (err) => log.warn({ err }, "lost a connection to PostgreSQL"));
  try {
    await checkServer(pool, url);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, {
      onConnectionError: (err) => log.debug({ err }, "a connection broke in a transaction"),
    }),
    transactionOptions: { maxWait: connectTimeoutMs, timeout: transactionTimeoutMs },
  });
  const notifications = createNotifications(url, log);
  return {
    prisma,
    pool,
    transaction: (work, options) =>
      prisma.$transaction(work, options && { maxWait: connectTimeoutMs, timeout: options.timeoutMs }),
    listen: notifications.listen,
    notify: async (channel, payload, tx = prisma) => {
      await tx.$executeRaw`SELECT pg_notify(${channel}, ${payload})`;
    },
    close: async () => {
      await notifications.close();
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

async function checkServer(pool: Pool, url: string): Promise<void> {
  const { rows } = await pool
    .query<{ version: string }>("SELECT current_setting('server_version') AS version")
    .catch((cause: unknown) => {
      throw new StartError(`${unreachable(url, cause)} Start PostgreSQL, or correct DATABASE_URL.`, { cause });
    });
  const version = rows[0]?.version ?? "";
  if (Number.parseInt(version, 10) < versionMin) {
    throw new StartError(
      `PostgreSQL at ${shownAddress(url)} has version ${version}; Assay needs ${versionMin} or newer. Upgrade it, or name another in DATABASE_URL.`,
    );
  }
}

function unreachable(url: string, cause: unknown): string {
  const reason = cause instanceof AggregateError ? cause.errors.map(String).join(", ") : String(cause);
  const verb = isDatabaseUnavailable(cause) ? "cannot be reached" : "refused the connection";
  return `PostgreSQL at ${shownAddress(url)} ${verb} (${reason.replace(/^\w*error: /i, "")}).`;
}

/** Host, port and database; never the password. */
function shownAddress(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host || "localhost"}${pathname}`;
}
