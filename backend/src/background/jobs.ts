import type { Context } from "../context.ts";
import { pruneEvents } from "../features/audit/service.ts";
import { deleteExpiredSessions } from "../features/auth/queries.ts";
import { expireSignUps } from "../features/auth/sign-up.ts";
import type { ConfigStore } from "../features/config/config-store.ts";
import type { IgnoreListStore } from "../features/ignore-lists/ignore-list-store.ts";
import { type Fetcher, refreshDueLists } from "../features/ignore-lists/refresh.ts";
import { download } from "../features/lookups/download.ts";
import type { Lookups } from "../features/lookups/lookups.ts";
import type { RunnerPool } from "../features/lookups/runner-pool.ts";
import { pruneLookups } from "../features/retention/service.ts";

/** One kind of background work. */
export interface Job {
  /** `noun.verb` */
  readonly name: string;
  /** Minute, hour, day, month, weekday; UTC. Each time it runs once, however many workers there are. */
  readonly cron: string;
  /** Times that it is tried again when it failed. */
  readonly retries: number;
  /** When a worker that is silent for so long is taken for dead, and the job given to another. */
  readonly expireSeconds: number;
  /** For long work: a worker that gives no sign of life for so long is taken for dead, whatever time the work still has. */
  readonly heartbeatSeconds?: number;
  readonly run: (ctx: Context) => Promise<void>;
}

/** What the jobs work with. */
export interface JobParts {
  readonly lookups: Lookups;
  readonly settings: ConfigStore;
  readonly ignoreLists: IgnoreListStore;
  readonly runners: RunnerPool;
}

/** All background work. */
export function jobs({ lookups, settings, ignoreLists, runners }: JobParts): Job[] {
  return [
    {
      name: "session.prune",
      cron: "17 * * * *",
      retries: 2,
      expireSeconds: 300,
      run: async ({ db, log }) => {
        log.debug({ sessions: await deleteExpiredSessions(db) }, "deleted sessions that had expired");
      },
    },
    {
      name: "user.expire",
      cron: "47 3 * * *",
      retries: 2,
      expireSeconds: 300,
      run: async (ctx) => {
        ctx.log.debug({ users: await expireSignUps(ctx) }, "forgot who signed up and was not approved");
      },
    },
    {
      name: "event.prune",
      cron: "37 3 * * *",
      retries: 2,
      expireSeconds: 3_600,
      run: async (ctx) => {
        ctx.log.debug({ events: await pruneEvents(ctx, settings.current().auditDaysKept) }, "deleted old events");
      },
    },
    {
      name: "ignoreList.refresh",
      cron: "*/5 * * * *",
      retries: 0,
      expireSeconds: 3_600,
      heartbeatSeconds: 60,
      run: async (ctx) => {
        const fetcher: Fetcher = (input, signal) => download(runners, input, signal);
        ctx.log.debug({ lists: await refreshDueLists(ctx, ignoreLists, fetcher) }, "fetched the files of ignore lists");
      },
    },
    {
      name: "lookup.prune",
      cron: "7 * * * *",
      retries: 2,
      expireSeconds: 6 * 60 * 60,
      heartbeatSeconds: 60,
      run: async (ctx) => {
        ctx.log.debug({ deleted: await pruneLookups(ctx, settings.current()) }, "deleted old lookups and answers");
      },
    },
    {
      name: "lookup.recover",
      cron: "* * * * *",
      retries: 0,
      expireSeconds: 60,
      run: async () => void (await lookups.recover()),
    },
  ];
}
