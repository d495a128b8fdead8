import type { Logger } from "@assay/process";
import { z } from "zod";
import type { Database } from "../../db/database.ts";
import { newId } from "../../ids.ts";
import type { ClearScope } from "./answer-store.ts";

const channel = "cache_cleared";
/** A notification has at most 8000 bytes. */
const keysPerNotification = 40;

const Key = z.strictObject({ sourceId: z.string(), digest: z.string(), indicatorDigest: z.string() });
const Clearing = z.strictObject({
  node: z.string(),
  scope: z.union([
    z.strictObject({ all: z.literal(true) }),
    z.strictObject({ sourceId: z.string() }),
    z.strictObject({ keys: z.array(Key) }),
  ]),
});

/**
 * Where each process keeps answers of its own: has them cleared here when another process clears, and everything when that may have
 * been missed. Returns how to tell the others.
 */
export async function followClearings(
  db: Database,
  clear: (scope: ClearScope) => Promise<unknown>,
  log: Logger,
): Promise<(scope: ClearScope) => Promise<void>> {
  const node = newId();
  const clearHere = (scope: ClearScope): void => {
    clear(scope).catch((err: unknown) => log.error({ err }, "the cache could not be cleared"));
  };
  await db.listen(channel, (payload) => {
    if (payload === null) return clearHere({ all: true });
    const told = Clearing.safeParse(readJson(payload)).data;
    if (!told) return clearHere({ all: true });
    if (told.node !== node) clearHere(told.scope);
  });
  const tell = (scope: ClearScope): Promise<void> => db.notify(channel, JSON.stringify({ node, scope }));
  return async (scope) => {
    if (!("keys" in scope)) return tell(scope);
    for (let at = 0; at < scope.keys.length; at += keysPerNotification)
      await tell({ keys: scope.keys.slice(at, at + keysPerNotification) });
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
