import type { Logger } from "@assay/process";
import { Redis } from "ioredis";

/** A Redis that may go away and come back at any time. */
export interface RedisConnection {
  readonly client: Redis;
  /** Why it cannot be used now; null: it can. */
  readonly trouble: () => string | null;
  close(): void;
}

const connectTimeoutMs = 2_000;
const commandTimeoutMs = 500;
const retryMsMax = 2_000;

/** Connects in the background, for as long as it takes. Commands fail at once while there is no connection. */
export function openRedis(url: string, log: Logger): RedisConnection {
  let trouble: string | null = "it has not been reached yet";
  const client = new Redis(url, {
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (tries) => Math.min(50 * tries, retryMsMax),
  });
  client.on("ready", () => {
    if (trouble !== null) log.info("Redis can be reached");
    trouble = null;
  });
  const fail = (reason: string): void => {
    if (trouble === null)
      log.warn(
        { reason },
        "Redis cannot be reached; meanwhile each process counts on its own, and answers are neither kept nor shared",
      );
    trouble = reason;
  };
  client.on("error", (error: Error) => fail(error.message));
  client.on("close", () => fail(trouble ?? "the connection was closed"));
  return { client, trouble: () => trouble, close: () => client.disconnect() };
}
