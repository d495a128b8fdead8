import type { healthApi } from "@assay/contract";
import type { Handlers } from "../../http/handlers.ts";
import type { Health } from "./service.ts";

/** The endpoints of health. */
export function healthRoutes(health: Health): Handlers<typeof healthApi> {
  return {
    async get() {
      const up = await health.isUp();
      return up ? { status: 200, body: { status: "up" } } : { status: 503, body: { status: "down" } };
    },
    async ready() {
      const readiness = await health.readiness();
      return { status: readiness.status === "down" ? 503 : 200, body: readiness };
    },
  };
}
