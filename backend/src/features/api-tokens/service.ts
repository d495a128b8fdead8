import { type ApiToken, type ApiTokenInput, type ApiTokenPatch, type ApiTokenValue } from "@assay/contract";
import { requireUser } from "../../authorise.ts";
import type { Context, TokenMarkings } from "../../context.ts";
import type { Transaction } from "../../db/database.ts";
import { decodeCursor, pageOf, positionInTime, type Page, type PageQuery } from "../../page.ts";
import { newId } from "../../ids.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { recordAudit } from "../audit/record.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { announceAccessChange } from "../auth/access-watch.ts";
import { callerMaxTlp, callerScopes, checkMarkings, checkNoWider, checkScopes } from "./checks.ts";
import { deleteToken, findToken, insertToken, knownMarkings, knownScopes, listTokens, updateToken } from "./queries.ts";
import { type TokenProof, tokensChannel } from "./token-proof.ts";
import { newTokenValue } from "./token-value.ts";

type TokenRow = NonNullable<Awaited<ReturnType<typeof findToken>>>;

/** The caller's own tokens, newest first. */
export function pageTokens(ctx: Context, query: PageQuery): Promise<Page<ApiToken>> {
  return pageTokensOf(ctx, requireUser(ctx.actor).id, query);
}

/** A user's tokens, newest first. */
export async function pageTokensOf(
  ctx: Context,
  userId: string,
  { limit, cursor }: PageQuery,
): Promise<Page<ApiToken>> {
  const after = decodeCursor(cursor, positionInTime);
  const rows = await listTokens(ctx.db, userId, after, limit + 1);
  return pageOf(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id], tokenOf);
}

/** Makes a token. It can do no more than the caller can. @throws ProblemError VALIDATION_FAILED */
export async function createToken(ctx: Context, input: ApiTokenInput): Promise<ApiTokenValue> {
  const scopes = input.scopes ?? [...callerScopes(ctx)];
  checkScopes(ctx, scopes);
  const { tlp, pap, maxTlp = callerMaxTlp(ctx) } = input;
  checkMarkings(ctx, { tlp, maxTlp });
  const id = newId();
  const { value, secretHash } = newTokenValue(id);
  const expiresAt = expiryOf(ctx, input.expiresAt);
  const createdAt = ctx.clock.now();
  const userId = requireUser(ctx.actor).id;
  const token = { id, userId, note: input.note, scopes, tlp, pap, maxTlp, expiresAt, createdAt };
  await ctx.db.transaction(async (tx) => {
    await insertToken(tx, { ...token, secretHash });
    await recordToken(tx, ctx, "apiToken.create", null, token);
  });
  return { id, token: value };
}

/** Changes note, expiry, scopes or markings. @throws ProblemError NOT_FOUND, VALIDATION_FAILED */
export async function patchToken(ctx: Context, proof: TokenProof, id: string, patch: ApiTokenPatch): Promise<ApiToken> {
  const token = await ownToken(ctx, id);
  checkNoWider(ctx, token);
  if (patch.scopes) checkScopes(ctx, patch.scopes);
  const { note = token.note, scopes = token.scopes } = patch;
  const markings = { ...knownMarkings(token), ...given(patch) };
  checkMarkings(ctx, markings);
  const expiresAt = patch.expiresAt === undefined ? token.expiresAt : expiryOf(ctx, patch.expiresAt);
  const changed = await change(ctx, proof, token, async (tx) => {
    const row = await updateToken(tx, id, { note, scopes, ...markings, expiresAt });
    await recordToken(tx, ctx, "apiToken.update", token, row);
    return row;
  });
  return tokenOf(changed);
}

/** Gives a token a new value; the old one stops at once, on every node. @throws ProblemError NOT_FOUND, FORBIDDEN */
export async function regenerateToken(ctx: Context, proof: TokenProof, id: string): Promise<ApiTokenValue> {
  const token = await ownToken(ctx, id);
  checkNoWider(ctx, token);
  const { value, secretHash } = newTokenValue(id);
  await change(ctx, proof, token, async (tx) => {
    await updateToken(tx, id, { secretHash });
    await recordToken(tx, ctx, "apiToken.regenerate", token, token);
  });
  return { id, token: value };
}

/** Revokes a token at once, on every node. @throws ProblemError NOT_FOUND */
export function removeToken(ctx: Context, proof: TokenProof, id: string): Promise<void> {
  return revokeTokenOf(ctx, proof, requireUser(ctx.actor).id, id);
}

/** Revokes a token of a user at once, on every node. @throws ProblemError NOT_FOUND */
export async function revokeTokenOf(ctx: Context, proof: TokenProof, userId: string, id: string): Promise<void> {
  const token = (await findToken(ctx.db, userId, id)) ?? fail("NOT_FOUND", `There is no API token ${id} of this user.`);
  await change(ctx, proof, token, async (tx) => {
    await deleteToken(tx, id);
    await recordToken(tx, ctx, "apiToken.delete", token, null);
  });
}

async function change<T>(
  ctx: Context,
  proof: TokenProof,
  { id, userId }: Pick<TokenRow, "id" | "userId">,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const result = await ctx.db.transaction(async (tx) => {
    const done = await work(tx);
    await ctx.db.notify(tokensChannel, id, tx);
    await announceAccessChange(ctx.db, userId, tx);
    return done;
  });
  proof.forget(id);
  return result;
}

type AuditedToken = Pick<TokenRow, "id" | "note" | "scopes" | "tlp" | "pap" | "maxTlp" | "expiresAt">;

async function recordToken(
  tx: Transaction,
  ctx: Context,
  action: `apiToken.${string}`,
  before: AuditedToken | null,
  after: AuditedToken | null,
): Promise<void> {
  const { id = null, note = "" } = after ?? before ?? {};
  const fields = (token: AuditedToken | null): Partial<AuditedToken> | null =>
    token && {
      note: token.note,
      scopes: token.scopes,
      tlp: token.tlp,
      pap: token.pap,
      maxTlp: token.maxTlp,
      expiresAt: token.expiresAt,
    };
  const changes = fieldChanges(fields(before), fields(after));
  await recordAudit(tx, ctx, { action, object: { type: "apiToken", id, name: note }, changes });
}

async function ownToken(ctx: Context, id: string): Promise<TokenRow> {
  return (await findToken(ctx.db, requireUser(ctx.actor).id, id)) ?? fail("NOT_FOUND", `You have no API token ${id}.`);
}

function given({ tlp, pap, maxTlp }: ApiTokenPatch): Partial<TokenMarkings> {
  return {
    ...(tlp !== undefined && { tlp }),
    ...(pap !== undefined && { pap }),
    ...(maxTlp !== undefined && { maxTlp }),
  };
}

function expiryOf(ctx: Context, expiresAt: string | null): Date | null {
  if (expiresAt === null) return null;
  const at = new Date(expiresAt);
  if (at <= ctx.clock.now()) failValidation([{ field: "body.expiresAt", message: "must be in the future" }]);
  return at;
}

function tokenOf({ id, note, scopes, expiresAt, createdAt, lastUsedAt, ...markings }: TokenRow): ApiToken {
  return {
    ...knownMarkings(markings),
    id,
    note,
    scopes: knownScopes(scopes),
    expiresAt: expiresAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
