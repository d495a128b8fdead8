import { type Pap, type Tlp, tlpExceeds } from "@assay/contract";
import type { Actor } from "./context.ts";
import { fail } from "./problem-error.ts";

export interface Markings {
  readonly tlp: Tlp;
  readonly pap: Pap;
}

/**
 * Under which markings somebody looks something up: those of the call, else those of the API token, else the server's.
 * @throws ProblemError FORBIDDEN where the token may not go so high
 */
export function markingsFor(
  actor: Actor,
  asked: { readonly tlp?: Tlp | undefined; readonly pap?: Pap | undefined },
  server: Markings,
): Markings {
  const token = actor.type === "apiToken" ? actor.markings : null;
  const tlp = asked.tlp ?? token?.tlp ?? server.tlp;
  const most = token?.maxTlp ?? null;
  if (most !== null && tlpExceeds(tlp, most)) {
    const why = asked.tlp === undefined ? ", which holds where the call does not say" : "";
    fail(
      "FORBIDDEN",
      `This API token may look up and read under TLP:${most} at the most, and the lookup would be TLP:${tlp}${why}. Say another TLP, or use another token.`,
    );
  }
  return { tlp, pap: asked.pap ?? token?.pap ?? server.pap };
}
