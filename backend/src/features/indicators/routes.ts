import type { indicatorsApi } from "@assay/contract";
import { indicatorKinds } from "@assay/indicators";
import type { Handlers } from "../../http/handlers.ts";

/** The endpoints of indicators. */
export function indicatorRoutes(): Handlers<typeof indicatorsApi> {
  const items = indicatorKinds.map(({ kind, label, description, example, group }) => ({
    kind,
    label,
    description,
    example,
    group,
  }));
  return { kinds: async () => ({ status: 200, body: { items } }) };
}
