import { type RequestSummary, Tlp, tlpExceeds } from "@assay/contract";
import type { Actor } from "./context.ts";

/** What decides about a lookup. */
export type Guarded = Pick<RequestSummary, "userId" | "visibility" | "tlp">;

/**
 * Who sees a lookup. Everyone (who may read lookups at all) sees the open ones; a private one its owner, in person or with a token,
 * and whoever has the scope requests:readAll; one under TLP:RED its owner alone, whatever else is said of it. With an API token nobody sees
 * what is above the token's bound.
 */
export function mayRead(actor: Actor, lookup: Guarded): boolean {
  if (actor.type === "system") return true;
  if (actor.type === "anonymous") return false;
  const most = maxTlpOf(actor);
  if (most !== null && tlpExceeds(lookup.tlp, most)) return false;
  if (actor.user.id === lookup.userId) return true;
  if (lookup.tlp === "RED") return false;
  return lookup.visibility === "everyone" || actor.scopes.has("requests:readAll");
}

function maxTlpOf(actor: Actor): Tlp | null {
  return actor.type === "apiToken" ? actor.markings.maxTlp : null;
}

/** Who stops a lookup, opens it or closes it: of those who see it, its owner and whoever has the scope requests:readAll. */
export function mayChange(actor: Actor, lookup: Guarded): boolean {
  if (!mayRead(actor, lookup) || actor.type === "anonymous") return false;
  return actor.type === "system" || actor.user.id === lookup.userId || actor.scopes.has("requests:readAll");
}

/** Whether it is somebody else's private lookup, so that seeing it is told in the audit log. */
export function isForeign(actor: Actor, { userId, visibility }: Guarded): boolean {
  const isPerson = actor.type === "user" || actor.type === "apiToken";
  return visibility === "private" && isPerson && actor.user.id !== userId;
}

/**
 * `mayRead` as conditions on the table `requests`, of which no row meets two: each has an index of its own in the order of the
 * lists. `bind` gives the placeholder of a value; `table` is the table's name in the query.
 */
export function readableWhere(actor: Actor, bind: (value: unknown) => string, table = "requests"): string[] {
  if (actor.type === "system") return ["true"];
  if (actor.type === "anonymous") return ["false"];
  const user = bind(actor.user.id);
  const most = maxTlpOf(actor);
  const bound = most && bind(Tlp.options.filter((tlp) => !tlpExceeds(tlp, most)));
  // The database refuses a row that is both for everyone and RED.
  const parts = [
    `${table}.visibility = 'everyone'`,
    `(${table}.visibility = 'private' AND ${table}.user_id = ${user})`,
    ...(actor.scopes.has("requests:readAll")
      ? [`(${table}.visibility = 'private' AND ${table}.user_id <> ${user} AND ${table}.tlp <> 'RED')`]
      : []),
  ];
  return bound === null ? parts : parts.map((part) => `(${part} AND ${table}.tlp = ANY(${bound}))`);
}
