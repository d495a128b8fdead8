import type { runnersApi } from "@assay/contract";
import type { Handlers } from "../../http/handlers.ts";
import type { RunnerPool } from "../lookups/runner-pool.ts";

/** The endpoints of runners. */
export function runnerRoutes(pool: RunnerPool): Handlers<typeof runnersApi> {
  return {
    list: async () => ({ status: 200, body: { items: pool.statuses() } }),
  };
}
