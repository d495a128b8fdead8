import type { decisionsApi } from "@assay/contract";
import type { Handlers } from "../../http/handlers.ts";
import type { DecisionStore } from "./decision-store.ts";
import {
  createDecision,
  decisionAbout,
  getDecision,
  pageDecisions,
  patchDecision,
  withdrawDecision,
} from "./service.ts";

/** The endpoints of analysts' decisions. */
export function decisionRoutes(store: DecisionStore): Handlers<typeof decisionsApi> {
  return {
    list: async (ctx, { query }) => ({ status: 200, body: await pageDecisions(ctx, query) }),
    create: async (ctx, { body }) => ({ status: 201, body: await createDecision(ctx, store, body) }),
    indicator: async (ctx, { query }) => ({ status: 200, body: await decisionAbout(ctx, query) }),
    get: async (ctx, { params }) => ({ status: 200, body: await getDecision(ctx, params.id) }),
    update: async (ctx, { params, body }) => ({ status: 200, body: await patchDecision(ctx, store, params.id, body) }),
    withdraw: async (ctx, { params }) => ({ status: 200, body: await withdrawDecision(ctx, store, params.id) }),
  };
}
