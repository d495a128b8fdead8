import type { CallerClass } from "@assay/contract";
import type { Actor } from "./context.ts";

/** On whose behalf a call asks. Only who sits at the dashboard has a session. */
export function callerClassOf(actor: Actor): CallerClass {
  return actor.type === "user" && actor.via === "session" ? "interactive" : "api";
}
