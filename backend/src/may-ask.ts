import { type Pap, type ServerConfig, type Tlp, tlpExceeds } from "@assay/contract";
import type { Actor } from "./context.ts";
import { fail } from "./problem-error.ts";

/** What is asked, as far as it says under which markings. */
interface Asked {
  readonly tlp?: Tlp | undefined;
  readonly pap?: Pap | undefined;
}

/**
 * What somebody asks, with its markings: those of the call, else those of the API token, else the server's. All that starts a lookup, or
 * tells what would come of one, passes here.
 * @throws ProblemError FORBIDDEN where the token may not go so high
 */
export function withMarkings<Input extends Asked>(
  actor: Actor,
  { defaultTlp, defaultPap }: Pick<ServerConfig, "defaultTlp" | "defaultPap">,
  asked: Input,
): Input & { readonly tlp: Tlp; readonly pap: Pap } {
  const token = actor.type === "apiToken" ? actor.markings : null;
  const tlp = asked.tlp ?? token?.tlp ?? defaultTlp;
  const most = token?.maxTlp ?? null;
  if (most !== null && tlpExceeds(tlp, most)) {
    const why = asked.tlp === undefined ? ", which holds where the call does not say" : "";
    fail(
      "FORBIDDEN",
      `This API token may look up and read under TLP:${most} at the most, and the lookup would be TLP:${tlp}${why}. Say another TLP, or use another token.`,
    );
  }
  return { ...asked, tlp, pap: asked.pap ?? token?.pap ?? defaultPap };
}
