import type { providersApi } from "@assay/contract";
import type { Handlers } from "../../http/handlers.ts";
import { pageIgnoreLists } from "../ignore-lists/service.ts";
import type { SourceEngine } from "../sources/engine.ts";
import { pageSources } from "../sources/service.ts";
import { createProvider, getProvider, pageProviders, patchProvider, removeProvider } from "./service.ts";

/** The endpoints of providers. */
export function providerRoutes(engine: SourceEngine): Handlers<typeof providersApi> {
  return {
    list: async (ctx, { query }) => ({ status: 200, body: await pageProviders(ctx, query) }),
    create: async (ctx, { body }) => ({ status: 201, body: await createProvider(ctx, body) }),
    getBySlug: async (ctx, { params }) => ({ status: 200, body: await getProvider(ctx, params) }),
    get: async (ctx, { params }) => ({ status: 200, body: await getProvider(ctx, params) }),
    update: async (ctx, { params, body }) => ({ status: 200, body: await patchProvider(ctx, engine, params.id, body) }),
    async delete(ctx, { params }) {
      await removeProvider(ctx, params.id);
      return { status: 204, body: null };
    },
    async sources(ctx, { params, query }) {
      const { id: providerId } = await getProvider(ctx, params);
      return { status: 200, body: await pageSources(ctx, { ...query, providerId }) };
    },
    async ignoreLists(ctx, { params, query }) {
      const { id: providerId } = await getProvider(ctx, params);
      return { status: 200, body: await pageIgnoreLists(ctx, { ...query, providerId }) };
    },
  };
}
