import type { SignedInSession } from "@assay/contract";
import { requireUser } from "../../authorise.ts";
import type { Context } from "../../context.ts";
import type { Exchange } from "../../http/handlers.ts";
import { fail } from "../../problem-error.ts";
import { recordAudit } from "../audit/record.ts";
import { announceAccessChange } from "./access-watch.ts";
import { deleteSessions, listSessions, sessionName } from "./session-queries.ts";

/** Where the caller is signed in, the newest first. */
export async function ownSessions(ctx: Context, { session }: Exchange): Promise<SignedInSession[]> {
  const sessions = await listSessions(ctx.db, requireUser(ctx.actor).id);
  return sessions.map(({ sid, signedInAt, lastSeenAt, expiresAt, ...rest }) => ({
    ...rest,
    id: sessionName(sid),
    current: sid === session.id,
    signedInAt: signedInAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }));
}

/** Ends one session of the caller, on every node at once. @throws ProblemError NOT_FOUND */
export async function endOwnSession(ctx: Context, id: string): Promise<void> {
  const user = requireUser(ctx.actor);
  const { sid } =
    (await listSessions(ctx.db, user.id)).find((each) => sessionName(each.sid) === id) ??
    fail("NOT_FOUND", `You have no session ${id}.`);
  await end(ctx, sid);
}

/** Ends all sessions of the caller, this one included. */
export async function signOutEverywhere(ctx: Context, { session }: Exchange): Promise<void> {
  await end(ctx, null);
  await session.signOut();
}

async function end(ctx: Context, only: string | null): Promise<void> {
  const user = requireUser(ctx.actor);
  const object = { type: "user", id: user.id, name: user.email };
  await ctx.db.transaction(async (tx) => {
    await deleteSessions(tx, user.id, { only });
    await announceAccessChange(ctx.db, user.id, tx);
    await recordAudit(tx, ctx, { action: only === null ? "user.signOutEverywhere" : "user.endSession", object });
  });
}
