import { apiTokensApi } from "./api-tokens.ts";
import { authApi } from "./auth.ts";
import { batchesApi } from "./batches.ts";
import { cacheApi } from "./cache.ts";
import { configApi } from "./config.ts";
import { decisionsApi } from "./decisions.ts";
import { eventsApi } from "./events.ts";
import { healthApi } from "./health.ts";
import { ignoreListsApi } from "./ignore-lists.ts";
import { indicatorPlansApi } from "./indicator-plans.ts";
import { indicatorsApi } from "./indicators.ts";
import { providersApi } from "./providers.ts";
import { requestsApi } from "./requests.ts";
import { runnersApi } from "./runners.ts";
import { secretsApi } from "./secrets.ts";
import { sourcesApi } from "./sources.ts";
import { usersApi } from "./users.ts";

/** Every endpoint, by noun. Within a noun literal paths stand before those with parameters. */
export const api = {
  auth: authApi,
  apiTokens: apiTokensApi,
  batches: batchesApi,
  cache: cacheApi,
  config: configApi,
  decisions: decisionsApi,
  events: eventsApi,
  health: healthApi,
  ignoreLists: ignoreListsApi,
  indicators: { ...indicatorsApi, ...indicatorPlansApi },
  providers: providersApi,
  requests: requestsApi,
  runners: runnersApi,
  secrets: secretsApi,
  sources: sourcesApi,
  users: usersApi,
} as const;

export const apiBasePath = "/api/v1";
