import type { indicatorsApi } from "@assay/contract";
import { indicatorKinds } from "@assay/indicators";
import type { Handlers } from "../../http/handlers.ts";
import type { Extractor } from "./extractor.ts";

/** The endpoints of indicators. */
export function indicatorRoutes(extractor: Extractor): Handlers<typeof indicatorsApi> {
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
  };
}
