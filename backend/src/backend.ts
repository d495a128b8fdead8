import type { ApiConfig, Logger, Shutdown, WorkerConfig } from "@assay/process";
import manifest from "../package.json" with { type: "json" };
import { startBackground } from "./background/background.ts";
import { jobs } from "./background/jobs.ts";
import { type Context, systemClock } from "./context.ts";
import { openDatabase } from "./db/database.ts";
import { migrate } from "./db/migrate.ts";
import { ensureFirstAdmin, type FirstAdmin } from "./features/auth/first-admin.ts";
import { knownWords } from "./features/auth/password-rules.ts";
import { createPasswordStrength } from "./features/auth/password-strength.ts";
import { startBatchRunner } from "./features/batches/run/batch-runner.ts";
import { openAnswerCache } from "./features/cache/answer-cache.ts";
import { openConfigStore } from "./features/config/config-store.ts";
import { openDecisionStore } from "./features/decisions/decision-store.ts";
import { openIgnoreListStore } from "./features/ignore-lists/ignore-list-store.ts";
import { installIgnoreLists } from "./features/ignore-lists/install.ts";
import { createLookups } from "./features/lookups/lookups.ts";
import { openQuotas } from "./features/quotas/open-quotas.ts";
import { openRests } from "./features/quotas/rests.ts";
import { openSecretStore } from "./features/secrets/secret-store.ts";
import { createVault } from "./features/secrets/vault.ts";
import { openRunnerPool } from "./features/lookups/runner-pool.ts";
import { openSourceRegistry } from "./features/lookups/source-registry.ts";
import { installCatalogue } from "./features/sources/catalogue.ts";
import { createLimiters } from "./limits/limiter.ts";
import { openRedis } from "./limits/redis.ts";
import { type Parts, startApi } from "./api.ts";

export interface BackendOptions {
  readonly config: WorkerConfig;
  /** Serves the API; null: does not. */
  readonly api: ApiConfig | null;
  /** Does background work. */
  readonly worker: boolean;
  /** Names this process among all; best the same after a restart. */
  readonly node: string;
  readonly log: Logger;
  readonly stopping: AbortSignal;
  /** Takes what was opened, in the order of opening. */
  readonly register: Shutdown["register"];
  readonly catalogueFolder: string;
  /** Ignore lists that come with Assay. */
  readonly ignoreListsFolder: string;
  readonly dashboardFolder: string;
  /** Checks every answer against the contract; for tests. */
  readonly checkAnswers?: boolean;
}

export interface Backend extends Parts {
  /** Where the API listens. */
  readonly port: number | null;
  /** The account that was made at this start, if any. */
  readonly admin: FirstAdmin | null;
}

/**
 * Starts what the role needs, in this order: database, schema, first account, catalogue, ignore lists, Redis, settings, ignore lists, decisions,
 * secrets, quotas, runners, cache, lookups, API, jobs.
 * @throws StartError
 */
export async function startBackend(options: BackendOptions): Promise<Backend> {
  const { config, api, log, register, stopping } = options;
  const clock = systemClock;
  const url = config.databaseUrl;
  const db = await openDatabase({ url, connections: config.databaseConnectionsMax, log });
  register("database", db.close);
  const applied = await migrate(url, log);
  if (applied.length > 0) log.info({ migrations: applied }, "brought the database to this version");
  const admin = api ? await ensureFirstAdmin(db, clock, api.admin) : null;
  const written = await installCatalogue(db, clock, log, options.catalogueFolder);
  if (written > 0) log.info({ rows: written }, "installed the catalogue");

  const lists = await installIgnoreLists(db, clock, log, [
    { folder: options.ignoreListsFolder, enabled: true },
    ...(config.ignoreListsFolder === undefined ? [] : [{ folder: config.ignoreListsFolder, enabled: false }]),
  ]);
  if (lists > 0) log.info({ lists }, "installed ignore lists");

  const redis = config.redisUrl === undefined ? null : openRedis(config.redisUrl, log);
  if (redis) register("Redis", redis.close);
  const limiters = createLimiters(redis);
  const settings = await openConfigStore(db, log, config.settings);
  const registry = await openSourceRegistry(db, log);
  const ignoreLists = await openIgnoreListStore(db, log);
  const decisions = await openDecisionStore(db, clock, log);
  const vault = createVault(config.encryptionKeys);
  const rests = await openRests(db, clock, log);
  register("rests of quotas", rests.close);
  const store = await openSecretStore(db, vault, rests, clock, log);
  register("secrets", store.close);
  const quotas = await openQuotas({ db, redis, rests, secrets: store, registry, clock, log });
  register("quotas", quotas.close);
  const addresses = { JAVASCRIPT: config.runners.javascript, PYTHON: config.runners.python };
  const runners = openRunnerPool({ addresses, token: config.runnerToken, registry, log });
  register("runners", runners.close);
  const cache = await openAnswerCache({
    db,
    redis,
    encryptionKeys: config.encryptionKeys,
    memoryBytesMax: config.cacheMemoryMib * 1024 * 1024,
    clock,
    log,
  });
  register("cache", cache.close);
  const lookups = await createLookups({
    db,
    registry,
    runners,
    secrets: store,
    quotas,
    ignoreLists,
    cache,
    decisions,
    config: settings,
    log,
    clock,
    node: options.node,
  });
  register("lookups", lookups.close);
  // What a former life of this process left behind; before there is anything new that could be mistaken for it.
  await lookups.recover({ ownToo: true });
  const passwordStrength = createPasswordStrength();
  register("password strength", passwordStrength.close);
  const given = admin?.password === undefined ? api?.admin.password : undefined;
  if (admin && given !== undefined) {
    const { score, advice } = await passwordStrength.estimate(given, knownWords({ email: admin.email, name: "" }));
    const text = "the password in ASSAY_ADMIN_PASSWORD is easy to guess. Change it under Settings";
    if (score < settings.current().passwordScoreMin) log.warn({ score, advice }, text);
  }
  const secrets = { vault, store, quotas, rests };
  const parts: Parts = {
    db,
    clock,
    log,
    settings,
    registry,
    runners,
    lookups,
    secrets,
    ignoreLists,
    cache,
    decisions,
    passwordStrength,
    limiters,
  };

  const port = api ? await startApi(parts, { ...options, api, version: manifest.version }) : null;
  const ctx: Context = { db, clock, log, actor: { type: "system" }, origin: null, signal: stopping };
  if (options.worker) {
    register("background work", (await startBackground(url, jobs(parts), ctx)).close);
    const batches = await startBatchRunner({ db, lookups, registry, config: settings, log, clock, node: options.node });
    register("batches", batches.close);
  }
  return { ...parts, port, admin };
}
