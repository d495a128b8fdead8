import type { configApi } from "@assay/contract";
import type { Handlers } from "../../http/handlers.ts";
import type { ConfigStore } from "./config-store.ts";
import { getRetention } from "../retention/service.ts";
import { getConfig, updateConfig } from "./service.ts";

/** The endpoints of the server settings. */
export function configRoutes(store: ConfigStore): Handlers<typeof configApi> {
  return {
    retention: async (ctx) => ({ status: 200, body: await getRetention(ctx, store.current()) }),
    get: async (ctx) => ({ status: 200, body: { items: await getConfig(ctx, store) } }),
    update: async (ctx, { body }) => ({ status: 200, body: { items: await updateConfig(ctx, store, body) } }),
  };
}
