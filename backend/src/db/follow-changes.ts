import type { Logger } from "@assay/process";
import { oneAtATime } from "../one-at-a-time.ts";
import type { Database } from "./database.ts";

interface FollowOptions {
  /** Where the database tells of changes, on any node. */
  readonly channels: readonly string[];
  /** What is read, for the log: "settings". */
  readonly what: string;
  readonly log: Logger;
  /** Reads what the notifications named, or, with null, all there is. */
  load(named: readonly string[] | null): Promise<void>;
}

export interface FollowedChanges {
  /** Reads what has this name again, or all; resolves when it has been read. */
  reload(name?: string): Promise<void>;
  /** Follows no longer; resolves when nothing is being read. */
  close(): Promise<void>;
}

/** Reads something, and again whenever the database tells that it has changed, one reading at a time. */
export async function followChanges(
  db: Database,
  { channels, what, log, load }: FollowOptions,
): Promise<FollowedChanges> {
  // null: anything may have changed.
  let wanted = new Set<string | null>();
  const readings = oneAtATime(async () => {
    const names = wanted;
    wanted = new Set();
    try {
      await load(names.has(null) ? null : [...names].filter((name) => name !== null));
    } catch (error) {
      wanted = new Set([...names, ...wanted]);
      throw error;
    }
  });
  const read = (name: string | null): Promise<void> => {
    wanted.add(name);
    return readings.run();
  };
  const onChange = (name: string | null): void => {
    read(name).catch((err: unknown) => log.error({ err }, `${what} could not be read again`));
  };
  const stops: (() => void)[] = [];
  for (const channel of channels) stops.push(await db.listen(channel, onChange));
  await read(null);
  return {
    reload: (name) => read(name ?? null),
    async close() {
      for (const stop of stops) stop();
      await readings.idle();
    },
  };
}
