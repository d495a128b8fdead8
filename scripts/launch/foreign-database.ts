import { Client } from "pg";
import { Failure } from "../failure.ts";

const connectTimeoutMs = 5_000;
const versionMin = 15;

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}

/**
 * Checks that a PostgreSQL of the operator's own answers and is new enough (15).
 * @throws Failure that names host and database, never the password.
 */
export async function checkDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  const place = `PostgreSQL at ${client.host}:${client.port}, database ${client.database ?? "(none)"},`;
  // An error after the connection has been lost is reported by the query as well.
  client.on("error", () => undefined);
  let versionNumber = 0;
  try {
    await client.connect();
    const { rows } = await client.query<{ number: string }>("select current_setting('server_version_num') as number");
    versionNumber = Number(rows[0]?.number);
  } catch (error) {
    throw new Failure(`${place} cannot be used (${reasonOf(error)}): check DATABASE_URL and that the server is up.`);
  } finally {
    await client.end().catch(() => undefined);
  }
  const version = Math.floor(versionNumber / 10_000);
  if (version < versionMin) {
    throw new Failure(
      `${place} is version ${version} and Assay needs ${versionMin} or newer: upgrade it, or unset DATABASE_URL.`,
    );
  }
}
