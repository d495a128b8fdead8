import type { ApiConfig, Logger, Shutdown } from "@assay/process";
import { api } from "@assay/contract";
import type { Clock } from "./context.ts";
import type { Database } from "./db/database.ts";
import type { AnswerCache } from "./features/cache/answer-cache.ts";
import { cacheRoutes } from "./features/cache/routes.ts";
import { apiTokenRoutes } from "./features/api-tokens/routes.ts";
import { createTokenProof } from "./features/api-tokens/token-proof.ts";
import { eventRoutes } from "./features/audit/routes.ts";
import { createAuditTally } from "./features/audit/tally.ts";
import { userActor } from "./features/auth/actor.ts";
import { openAccessWatch } from "./features/auth/access-watch.ts";
import { createBasicProof } from "./features/auth/basic.ts";
import { createPasswordRules } from "./features/auth/password-rules.ts";
import type { PasswordStrength } from "./features/auth/password-strength.ts";
import { createPasswordSignIn } from "./features/auth/password-sign-in.ts";
import { findUserById } from "./features/auth/queries.ts";
import { authRoutes } from "./features/auth/routes.ts";
import { createSignUp } from "./features/auth/sign-up.ts";
import { createThrottle } from "./features/auth/throttle.ts";
import { batchRoutes } from "./features/batches/routes.ts";
import type { ConfigStore } from "./features/config/config-store.ts";
import { configRoutes } from "./features/config/routes.ts";
import type { DecisionStore } from "./features/decisions/decision-store.ts";
import { decisionRoutes } from "./features/decisions/routes.ts";
import { healthRoutes } from "./features/health/routes.ts";
import { createHealth } from "./features/health/service.ts";
import type { IgnoreListStore } from "./features/ignore-lists/ignore-list-store.ts";
import { ignoreListRoutes } from "./features/ignore-lists/routes.ts";
import { createExtractor } from "./features/indicators/extractor.ts";
import type { KeptAnswers } from "./features/indicators/plan-adder.ts";
import { indicatorRoutes } from "./features/indicators/routes.ts";
import { download } from "./features/lookups/download.ts";
import { compileCheck, compileUnsaved } from "./features/lookups/compile-check.ts";
import { keptAnswers } from "./features/lookups/kept-answers.ts";
import { tryOut } from "./features/lookups/try-out.ts";
import type { Lookups } from "./features/lookups/lookups.ts";
import type { RunnerPool } from "./features/lookups/runner-pool.ts";
import type { SourceRegistry } from "./features/lookups/source-registry.ts";
import { createOpenidClients } from "./features/auth/openid/service.ts";
import { readOpenidProviders } from "./features/auth/openid/providers.ts";
import { providerRoutes } from "./features/providers/routes.ts";
import { requestRoutes } from "./features/requests/routes.ts";
import { runnerRoutes } from "./features/runners/routes.ts";
import type { LeftFor } from "./features/quotas/quota-forecast.ts";
import type { SourceEngine } from "./features/sources/engine.ts";
import { secretRoutes } from "./features/secrets/routes.ts";
import type { SecretTools } from "./features/secrets/service.ts";
import { sourceRoutes } from "./features/sources/routes.ts";
import { userRoutes } from "./features/users/routes.ts";
import { createDoor } from "./http/door.ts";
import type { Handlers } from "./http/handlers.ts";
import type { Mount } from "./http/mount.ts";
import { createOriginOf } from "./http/origin.ts";
import { createRateLimits } from "./http/rate-limits.ts";
import { startHttpServer } from "./http/server.ts";
import { createSessions } from "./http/session.ts";
import type { Limiters } from "./limits/limiter.ts";

/** What a backend consists of below its edges. */
export interface Parts {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: ConfigStore;
  readonly registry: SourceRegistry;
  readonly runners: RunnerPool;
  readonly lookups: Lookups;
  readonly secrets: SecretTools;
  readonly ignoreLists: IgnoreListStore;
  readonly cache: AnswerCache;
  readonly decisions: DecisionStore;
  readonly passwordStrength: PasswordStrength;
  readonly limiters: Limiters;
}

export interface ApiOptions {
  readonly api: ApiConfig;
  readonly version: string;
  readonly dashboardFolder: string;
  readonly stopping: AbortSignal;
  readonly register: Shutdown["register"];
  readonly checkAnswers?: boolean;
}

type AllHandlers = { readonly [N in keyof typeof api]: Handlers<(typeof api)[N]> };

/** Serves API and dashboard. Resolves with the port. @throws StartError */
export async function startApi(parts: Parts, { api: config, register, ...options }: ApiOptions): Promise<number> {
  const { db, clock, log, settings, registry, runners, lookups, secrets, ignoreLists, cache, limiters } = parts;
  const secure = config.publicUrl.startsWith("https:");
  const tokens = await createTokenProof(db, clock, log);
  register("API tokens", tokens.close);
  const failures = createAuditTally(db, log);
  register("failed sign-ins", failures.close);
  // A script signs in with every call: one event an hour says as much as one a minute.
  const basicSignIns = createAuditTally(db, log, { windowMs: 60 * 60 * 1000, kindsMax: 1_000 });
  register("sign-ins with HTTP Basic", basicSignIns.close);
  const signIn = createPasswordSignIn({ db, clock, throttle: createThrottle(limiters, settings.current), failures });
  const rules = createPasswordRules(parts.passwordStrength, settings.current);
  const signUp = createSignUp({ limiters, rules, settings: settings.current });
  const originOf = createOriginOf(() => settings.current().trustedProxies);
  const basicEnabled = (): boolean => settings.current().basicEnabled;
  const door = createDoor(
    {
      apiToken: tokens.check,
      basic: createBasicProof({ db, clock, signIn, signIns: basicSignIns, isOn: basicEnabled }),
      session: async (userId) => {
        const found = await findUserById(db, userId);
        return found && userActor(found.user, "session");
      },
    },
    createSessions({ pool: db.pool, clock, secret: config.sessionSecret, secure, settings: settings.current }),
    originOf,
  );
  const access = await openAccessWatch(db);
  const openid = createOpenidClients(await readOpenidProviders(config.openidFile), config.publicUrl, clock);
  const engine: SourceEngine = {
    compileCheck: (language, sourceId, code, signal) => compileCheck(runners, language, sourceId, code, signal),
    compileUnsaved: (language, code, signal) => compileUnsaved(runners, language, code, signal),
    tryOut: (unsaved, use, sourceId, signal) =>
      tryOut(
        { runners, secrets: use, quotas: secrets.quotas, log, clock, settings: settings.current() },
        { ...unsaved, of: sourceId === undefined ? undefined : registry.get(sourceId) },
        signal,
      ),
    lendSecrets: (sourceId) => secrets.store.lend(sourceId),
    reload: registry.reload,
  };
  const extractor = createExtractor();
  register("extraction", extractor.close);
  const kept: KeptAnswers = (plans, tlp = settings.current().defaultTlp) =>
    keptAnswers(cache, plans, tlp, clock.now().getTime());
  const left: LeftFor = (sources, callerClass) => secrets.quotas.peek(sources, callerClass, secrets.store);
  const handlers: AllHandlers = {
    auth: authRoutes({ signIn, signUp, rules, openid, settings }),
    apiTokens: apiTokenRoutes(tokens),
    batches: batchRoutes({ lookups, registry, ignoreLists, settings, kept, left }),
    cache: cacheRoutes(cache, registry),
    config: configRoutes(settings),
    decisions: decisionRoutes(parts.decisions),
    events: eventRoutes(),
    health: healthRoutes(createHealth(db, log, runners.statuses, limiters.redis)),
    ignoreLists: ignoreListRoutes(ignoreLists, (input, signal) => download(runners, input, signal)),
    indicators: indicatorRoutes({ lookups, extractor, kept, left }, settings),
    providers: providerRoutes(engine),
    requests: requestRoutes(lookups, settings),
    runners: runnerRoutes(runners),
    secrets: secretRoutes(secrets, engine),
    sources: sourceRoutes(engine, secrets),
    users: userRoutes(tokens),
  };
  const endpoints = (mount: Mount): void => {
    mount(api.auth, handlers.auth);
    mount(api.apiTokens, handlers.apiTokens);
    mount(api.batches, handlers.batches);
    mount(api.cache, handlers.cache);
    mount(api.config, handlers.config);
    mount(api.decisions, handlers.decisions);
    mount(api.events, handlers.events);
    mount(api.health, handlers.health);
    mount(api.ignoreLists, handlers.ignoreLists);
    mount(api.indicators, handlers.indicators);
    mount(api.providers, handlers.providers);
    mount(api.requests, handlers.requests);
    mount(api.runners, handlers.runners);
    mount(api.secrets, handlers.secrets);
    mount(api.sources, handlers.sources);
    mount(api.users, handlers.users);
  };
  const { host, port } = config;
  const rateLimits = createRateLimits(limiters, settings.current);
  const corsOrigins = (): readonly string[] => settings.current().corsOrigins;
  const edge = { originOf, rateLimits, basicEnabled, corsOrigins, access };
  const server = await startHttpServer({ ...options, ...edge, db, clock, log, door, host, port, secure, endpoints });
  register("HTTP", server.close);
  return server.port;
}
