import type { eventsApi } from "@assay/contract";
import type { Handlers } from "../../http/handlers.ts";
import { exportEvents, getEvent, pageEvents } from "./service.ts";

/** The endpoints of the record of what was done. */
export function eventRoutes(): Handlers<typeof eventsApi> {
  return {
    list: async (ctx, { query }) => ({ status: 200, body: await pageEvents(ctx, query) }),
    export: async (ctx, { query }) => exportEvents(ctx, query),
    get: async (ctx, { params }) => ({ status: 200, body: await getEvent(ctx, params.id) }),
  };
}
