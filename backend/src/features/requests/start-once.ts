import type { Request, RequestInput } from "@assay/contract";
import type { Context } from "../../context.ts";
import { derivedId } from "../../derived-id.ts";
import { mayRead } from "../../may-read.ts";
import { fail } from "../../problem-error.ts";
import { readIndicator } from "../lookups/indicator.ts";
import { readLookup } from "../lookups/lookup-queries.ts";
import type { LookupOrigin, Lookups } from "../lookups/lookups.ts";
import { getRequest, startRequest } from "./service.ts";

/**
 * Starts a lookup, or gives the one that the same user's call with the same key has started before, so that a call which is repeated
 * because its answer was lost asks nobody twice. Throws CONFLICT when the key stands for a lookup of something else.
 */
export async function startOnce(
  ctx: Context,
  lookups: Lookups,
  input: RequestInput,
  origin: LookupOrigin,
  key: string,
  waitMs: number,
): Promise<{ readonly request: Request; readonly complete: boolean }> {
  const id = derivedId("request", origin.userId, key);
  const stored = await readLookup(ctx.db.pool, id);
  const live = lookups.live(id);
  const before = live?.request ?? stored?.request;
  if (!before) return startRequest(lookups, input, { ...origin, id }, waitMs);
  const { kind, data } = readIndicator(input);
  // Of one above the token's bound it tells no more than that the key is taken.
  if (before.kind !== kind || before.data !== data || !mayRead(ctx.actor, before))
    fail("CONFLICT", `The Idempotency-Key has started the lookup ${id} of something else. Take another key.`);
  if (live && waitMs > 0) await lookups.settled(live, waitMs);
  if (live && live.stored === null) await lookups.stored(live);
  const request = await getRequest(ctx, lookups, id);
  return { request, complete: request.status !== "running" };
}
