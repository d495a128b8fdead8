import type { api } from "@assay/contract";
import { indicatorKinds } from "@assay/indicators";
import type { Handlers } from "../../http/handlers.ts";
import { withMarkings } from "../../may-ask.ts";
import type { ConfigStore } from "../config/config-store.ts";
import type { Lookups } from "../lookups/lookups.ts";
import type { Extractor } from "./extractor.ts";
import { type KeptAnswers, planIndicators } from "./plan-indicators.ts";

/** The endpoints of indicators. */
export function indicatorRoutes(
  extractor: Extractor,
  lookups: Lookups,
  settings: ConfigStore,
  kept: KeptAnswers,
): Handlers<typeof api.indicators> {
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
      body: await extractor.extract(text, options, ctx.signal),
    }),
    plan: async (ctx, { body }) => ({
      status: 200,
      body: await planIndicators(ctx, lookups, extractor, kept, withMarkings(ctx.actor, settings.current(), body)),
    }),
  };
}
