import { apiBasePath, ownPath, signInPath, type LinkedIdentity } from "@assay/contract";
import { requireUser } from "../../../authorise.ts";
import type { Clock, Context } from "../../../context.ts";
import type { Exchange } from "../../../http/handlers.ts";
import type { SignInFlow } from "../../../http/session.ts";
import { fail } from "../../../problem-error.ts";
import { recordAudit } from "../../audit/record.ts";
import { identityOf } from "../../users/account.ts";
import { announceAccessChange } from "../access-watch.ts";
import { userActor } from "../actor.ts";
import { findUserById } from "../queries.ts";
import { linkIdentity, signInIdentity } from "./account.ts";
import { createOpenidClient, type OpenidClient } from "./client.ts";
import { deleteIdentity, listIdentities } from "./identity-queries.ts";
import type { OpenidProvider } from "./providers.ts";
import { OpenidRefusal } from "./refusal.ts";

const accountPath = "/settings";
const location = (path: string): { readonly location: string } => ({ location: path });

/** The clients of all providers. `publicUrl` is the address that people open. */
export function createOpenidClients(
  providers: readonly OpenidProvider[],
  publicUrl: string,
  clock: Clock,
): ReadonlyMap<string, OpenidClient> {
  return new Map(
    providers.map((provider) => {
      const redirectUri = `${publicUrl}${apiBasePath}/auth/openid/${provider.id}/redirect`;
      return [provider.id, createOpenidClient({ provider, redirectUri, clock })];
    }),
  );
}

/** Sends the person to the provider, or back to the sign-in page with the reason. @throws ProblemError NOT_FOUND */
export async function startSignIn(
  ctx: Context,
  client: OpenidClient,
  next: string | undefined,
  { session }: Exchange,
): Promise<{ readonly location: string }> {
  try {
    const { url, flow } = await client.start(ownPath(next), null);
    await session.keepFlow(flow);
    return location(url.href);
  } catch (error) {
    return location(refused(ctx, client, error, null));
  }
}

/** Begins to link. Returns where to send the person. @throws ProblemError UNAVAILABLE */
export async function startLink(ctx: Context, client: OpenidClient, { session }: Exchange): Promise<string> {
  try {
    const { url, flow } = await client.start(accountPath, requireUser(ctx.actor).id);
    await session.keepFlow(flow);
    return url.href;
  } catch (error) {
    if (!(error instanceof OpenidRefusal)) throw error;
    ctx.log.warn({ err: error, provider: client.provider.id }, "an OpenID provider cannot be used");
    fail("UNAVAILABLE", `${client.provider.name} does not answer. Try again later.`);
  }
}

/** Takes a person back from the provider: signs in, or links, or says at the page they came from why not. */
export async function finishFlow(
  ctx: Context,
  client: OpenidClient,
  reply: Readonly<Record<string, string | undefined>>,
  { session }: Exchange,
): Promise<{ readonly location: string }> {
  // Taken before anything is asked, so that the same answer does not work twice.
  const flow = await session.takeFlow();
  try {
    if (flow === null || flow.provider !== client.provider.id) {
      throw new OpenidRefusal("expired", "no sign-in at this provider is under way in this browser");
    }
    const identity = await client.finish(flow, reply);
    if (flow.linkUserId !== null) {
      const user = await linkingUser(ctx, flow, session.userId);
      await linkIdentity({ ...ctx, actor: userActor(user, "session") }, user, client.provider, identity);
      return location(`${accountPath}?linked=${encodeURIComponent(client.provider.id)}`);
    }
    const user = await signInIdentity(ctx, client.provider, identity);
    await session.signIn(user.id, client.provider.id);
    ctx.log.info({ userId: user.id, provider: client.provider.id }, "signed in");
    return location(flow.next);
  } catch (error) {
    const path = refused(ctx, client, error, flow);
    const object = { type: "openidProvider", id: null, name: client.provider.id };
    await recordAudit(ctx.db.prisma, ctx, { action: "user.failSignIn", object });
    return location(path);
  }
}

/** Who began to link has to be the one who is signed in now. */
async function linkingUser(ctx: Context, flow: SignInFlow, signedInId: string | null) {
  const found = flow.linkUserId === signedInId && signedInId !== null ? await findUserById(ctx.db, signedInId) : null;
  if (found === null) throw new OpenidRefusal("expired", "the session in which the link was begun has ended");
  return found.user;
}

function refused(ctx: Context, { provider }: OpenidClient, error: unknown, flow: SignInFlow | null): string {
  if (!(error instanceof OpenidRefusal)) throw error;
  const { reason } = error;
  ctx.log.warn({ err: error, provider: provider.id, reason }, "a sign-in through OpenID came to nothing");
  const query = new URLSearchParams({ problem: reason, provider: provider.name });
  if (flow !== null && flow.linkUserId === null && flow.next !== "/") query.set("next", flow.next);
  return `${flow?.linkUserId ? accountPath : signInPath}?${query}`;
}

/** The caller's own accounts elsewhere. */
export async function ownIdentities(ctx: Context): Promise<{ hasPassword: boolean; items: LinkedIdentity[] }> {
  const { id } = requireUser(ctx.actor);
  const [found, identities] = await Promise.all([findUserById(ctx.db, id), listIdentities(ctx.db, id)]);
  return { hasPassword: found?.passwordHash !== null, items: identities.map(identityOf) };
}

/** @throws ProblemError NOT_FOUND, CONFLICT where it is the only way in that is left */
export async function unlinkIdentity(ctx: Context, id: string): Promise<void> {
  const user = requireUser(ctx.actor);
  await ctx.db.transaction(async (tx) => {
    await tx.$executeRaw`SELECT id FROM users WHERE id = ${user.id} FOR UPDATE`;
    const all = await listIdentities(tx, user.id);
    const identity = all.find((each) => each.id === id) ?? fail("NOT_FOUND", `You have no linked account ${id}.`);
    const { passwordHash } = await tx.user.findUniqueOrThrow({ where: { id: user.id } });
    if (passwordHash === null && all.length === 1) {
      fail("CONFLICT", "This is your only way to sign in. Ask an administrator for a password first.");
    }
    await deleteIdentity(tx, identity.id);
    await announceAccessChange(ctx.db, user.id, tx);
    const object = { type: "user", id: user.id, name: user.email };
    const changes = [{ field: "provider", before: identity.provider, after: null }];
    await recordAudit(tx, ctx, { action: "user.unlinkIdentity", object, changes });
  });
}
