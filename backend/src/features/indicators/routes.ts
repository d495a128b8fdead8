import type { api } from "@assay/contract";
import { indicatorKinds } from "@assay/indicators";
import type { Handlers } from "../../http/handlers.ts";
import { withMarkings } from "../../may-ask.ts";
import type { ConfigStore } from "../config/config-store.ts";
import { planIndicators, type PlanTools } from "./plan-indicators.ts";

/** The endpoints of indicators. */
export function indicatorRoutes(tools: PlanTools, settings: ConfigStore): Handlers<typeof api.indicators> {
  const items = indicatorKinds.map(({ kind, label, description, example, group }) => ({
    kind,
    label,
    description,
    example,
    group,
  }));
  return {
    kinds: async () => ({ status: 200, body: { items } }),
    extract: async (ctx, { body: { text, ...options } }) => ({
      status: 200,
      body: await tools.extractor.extract(text, options, ctx.signal),
    }),
    plan: async (ctx, { body }) => ({
      status: 200,
      body: await planIndicators(ctx, tools, withMarkings(ctx.actor, settings.current(), body)),
    }),
  };
}
