/** PostgreSQL's error codes that mean: try again later. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const serverCodes: ReadonlySet<string> = new Set([
  "08000", // connection_exception
  "08001", // sqlclient_unable_to_establish_sqlconnection
  "08003", // connection_does_not_exist
  "08004", // sqlserver_rejected_establishment_of_sqlconnection
  "08006", // connection_failure
  "53300", // too_many_connections
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now: it starts up or shuts down
]);
const socketCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
/** Prisma's own: cannot reach, timed out, connection closed, no connection free in time, transaction could not start. */
const prismaCodes: ReadonlySet<string> = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2028", "P2037"]);
const adapterKinds: ReadonlySet<string> = new Set([
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
]);
/** The texts of `pg` and `pg-pool`, which give these errors no code. */
const driverTexts: readonly string[] = [
  "Connection terminated",
  "timeout exceeded when trying to connect",
  "timeout expired",
  "Query read timeout",
  "Client has encountered a connection error",
  "Client was closed",
];

/** Whether an error of a query means that the database cannot be reached now; it may have been carried out all the same. */
export function isDatabaseUnavailable(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > 5) return false;
  const { code, kind, originalCode, message, cause, errors } = error as Record<string, unknown>;
  for (const word of [code, originalCode]) {
    if (typeof word === "string" && (serverCodes.has(word) || socketCodes.has(word) || prismaCodes.has(word)))
      return true;
  }
  if (typeof kind === "string" && adapterKinds.has(kind)) return true;
  if (typeof message === "string" && driverTexts.some((text) => message.includes(text))) return true;
  if (Array.isArray(errors) && errors.some((each) => isDatabaseUnavailable(each, depth + 1))) return true;
  return isDatabaseUnavailable(cause, depth + 1);
}
