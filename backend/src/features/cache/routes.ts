import type { cacheApi } from "@assay/contract";
import type { Handlers } from "../../http/handlers.ts";
import type { SourceRegistry } from "../lookups/source-registry.ts";
import type { AnswerCache } from "./answer-cache.ts";
import { clearCache, getCache, pageEntries } from "./service.ts";

/** The endpoints of the cache. */
export function cacheRoutes(cache: AnswerCache, registry: SourceRegistry): Handlers<typeof cacheApi> {
  return {
    get: async (ctx) => ({ status: 200, body: await getCache(ctx, cache, registry) }),
    entries: async (ctx, { query }) => ({ status: 200, body: await pageEntries(ctx, cache, registry, query) }),
    clear: async (ctx, { query }) => ({
      status: 200,
      body: { removed: await clearCache(ctx, cache, registry, query) },
    }),
  };
}
