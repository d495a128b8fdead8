import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@assay/process";
import { Client, escapeIdentifier } from "pg";

/** Gets the payload of a notification, or null after a gap: the connection was lost, so anything may have been missed. */
export type NotificationHandler = (payload: string | null) => void;

export interface Notifications {
  /** Calls `handler` for every notification on `channel` from now on, those of this process included. Returns how to stop. */
  listen(channel: string, handler: NotificationHandler): Promise<() => void>;
  close(): Promise<void>;
}

const retryMs = 500;

/** Holds one connection for LISTEN beside the pool. It comes back by itself; then every handler is told of the gap. */
export function createNotifications(url: string, log: Logger): Notifications {
  const handlers = new Map<string, Set<NotificationHandler>>();
  const closing = new AbortController();
  let client: Client | null = null;
  let connecting: Promise<void> | null = null;

  const connect = async (): Promise<void> => {
    const fresh = new Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 5_000 });
    fresh.on("error", (err) => log.debug({ err }, "the connection for notifications broke"));
    fresh.on("end", () => {
      if (client !== fresh) return;
      client = null;
      reconnect();
    });
    fresh.on("notification", ({ channel, payload }) => {
      for (const handler of handlers.get(channel) ?? []) handler(payload ?? "");
    });
    try {
      await fresh.connect();
      for (const channel of handlers.keys()) await fresh.query(`LISTEN ${escapeIdentifier(channel)}`);
    } catch (error) {
      await fresh.end().catch(() => undefined);
      throw error;
    }
    client = fresh;
  };

  const reconnect = (): void => {
    if (closing.signal.aborted) return;
    connecting ??= (async () => {
      while (!closing.signal.aborted) {
        try {
          await connect();
          for (const each of handlers.values()) for (const handler of each) handler(null);
          return;
        } catch (err) {
          log.debug({ err }, "no connection for notifications yet");
          await delay(retryMs, undefined, { signal: closing.signal }).catch(() => undefined);
        }
      }
    })().finally(() => (connecting = null));
  };

  return {
    listen: async (channel, handler) => {
      const known = handlers.get(channel);
      if (known) known.add(handler);
      else handlers.set(channel, new Set([handler]));
      // A connection that is being made takes up every channel that it finds in `handlers`.
      if (!client) await (connecting ??= connect().finally(() => (connecting = null)));
      else if (!known) await client.query(`LISTEN ${escapeIdentifier(channel)}`);
      return () => void handlers.get(channel)?.delete(handler);
    },
    close: async () => {
      closing.abort();
      await connecting?.catch(() => undefined);
      const open = client;
      client = null;
      await open?.end().catch(() => undefined);
    },
  };
}
