import type { Decision, DecisionFilter, DecisionInput, DecisionPatch, IndicatorKind } from "@assay/contract";
import { refang } from "@assay/indicators";
import { requireUser } from "../../authorise.ts";
import type { ActorUser, Context } from "../../context.ts";
import type { Transaction } from "../../db/database.ts";
import { newId } from "../../ids.ts";
import { decodeCursor, type Page, pageOf, type PageQuery, positionInTime } from "../../page.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { lockName } from "../../db/lock-name.ts";
import { recordAudit } from "../audit/record.ts";
import { readIndicator } from "../lookups/indicator.ts";
import { decisionOf, statusOf } from "./decision-fields.ts";
import type { DecisionStore } from "./decision-store.ts";
import {
  type DecisionRow,
  decisionsChannel,
  findDecision,
  findOpenDecision,
  type Indicator,
  insertDecision,
  listDecisions,
  lockDecision,
  updateDecision,
} from "./queries.ts";

/** Decisions that pass the filter, newest first. @throws ProblemError INVALID_INDICATOR */
export async function pageDecisions(
  ctx: Context,
  { limit, cursor, data, prefix, ...filter }: PageQuery & DecisionFilter,
): Promise<Page<Decision>> {
  const now = ctx.clock.now();
  const about = data === undefined ? {} : readIndicator({ data, kind: filter.kind }, "query");
  const begins = prefix === undefined ? {} : { prefix: refang(prefix) };
  const rows = await listDecisions(
    ctx.db.pool,
    { ...filter, ...about, ...begins, now },
    decodeCursor(cursor, positionInTime),
    limit + 1,
  );
  return pageOf(
    rows,
    limit,
    (row) => [row.createdAt.toISOString(), row.id],
    (row) => decisionOf(row, now),
  );
}

/** The decision about an indicator that is in force now. @throws ProblemError INVALID_INDICATOR */
export async function decisionAbout(
  ctx: Context,
  input: { data: string; kind?: IndicatorKind | undefined },
): Promise<{ indicator: Indicator; decision: Decision | null }> {
  const now = ctx.clock.now();
  const indicator = readIndicator(input, "query");
  const row = await findOpenDecision(ctx.db, indicator);
  return { indicator, decision: row && statusOf(row, now) === "in_force" ? decisionOf(row, now) : null };
}

/** @throws ProblemError NOT_FOUND */
export async function getDecision(ctx: Context, id: string): Promise<Decision> {
  return decisionOf(await existingDecision(ctx.db.prisma, id), ctx.clock.now());
}

/** Decides; an earlier decision about the same indicator is replaced. @throws ProblemError INVALID_INDICATOR, VALIDATION_FAILED */
export async function createDecision(ctx: Context, store: DecisionStore, input: DecisionInput): Promise<Decision> {
  const { verdict, reason } = input;
  const indicator = readIndicator(input, "body");
  const expiresAt = expiryOf(input.expiresAt, ctx.clock.now());
  return decide(ctx, store, indicator, () => ({ verdict, reason, expiresAt }));
}

type Said = Pick<DecisionRow, "verdict" | "reason" | "expiresAt">;

/** Puts a decision of the caller's in the place of the one that has not been ended, if there is one. */
async function decide(
  ctx: Context,
  store: DecisionStore,
  indicator: Indicator,
  say: (before: DecisionRow | null) => Said,
): Promise<Decision> {
  const now = ctx.clock.now();
  const user = requireUser(ctx.actor);
  const { made, replaced } = await ctx.db.transaction(async (tx) => {
    // Two that decide at once: the later one finds, and replaces, the earlier.
    await lockName(tx, `decision ${indicator.kind} ${indicator.data}`);
    const id = newId();
    const before = await findOpenDecision(tx, indicator);
    const { verdict, reason, expiresAt } = say(before);
    const ended = { endedAt: now, endedUserId: user.id, endedUserName: nameOf(user), replacedById: id };
    if (before) await updateDecision(tx, before.id, ended);
    const row = await insertDecision(tx, {
      ...{ id, ...indicator, verdict, reason, expiresAt, createdAt: now, updatedAt: now },
      ...{ userId: user.id, userName: nameOf(user) },
      ...{ endedAt: null, endedUserId: null, endedUserName: null, replacedById: null },
    });
    const inForce = before && statusOf(before, now) === "in_force" ? before : null;
    await recordDecision(tx, ctx, "decision.create", inForce, row);
    if (before) await ctx.db.notify(decisionsChannel, before.id, tx);
    await ctx.db.notify(decisionsChannel, id, tx);
    return { made: row, replaced: before };
  });
  if (replaced) await store.reload(replaced.id);
  await store.reload(made.id);
  return decisionOf(made, now);
}

/**
 * Changes a decision of the caller's own. Of somebody else's it makes one of the caller's, with the same word, in its place: nobody's name
 * stands on what another has said.
 * @throws ProblemError NOT_FOUND, VALIDATION_FAILED, or CONFLICT when it is no longer in force
 */
export async function patchDecision(
  ctx: Context,
  store: DecisionStore,
  id: string,
  { reason, expiresAt }: DecisionPatch,
): Promise<Decision> {
  const now = ctx.clock.now();
  const given = {
    ...(reason === undefined ? {} : { reason }),
    ...(expiresAt === undefined ? {} : { expiresAt: expiryOf(expiresAt, now) }),
  };
  const current = await existingDecision(ctx.db.prisma, id);
  const isOwn = current.userId === requireUser(ctx.actor).id;
  const changes = fieldChanges({ ...said(current) }, { ...said(current), ...given });
  if (isOwn || changes.length === 0) return changeDecision(ctx, store, id, "decision.update", () => given);
  const indicator = { kind: current.kind as IndicatorKind, data: current.data };
  return decide(ctx, store, indicator, (before) => {
    if (before?.id !== id) return failNotInForce("it has been ended");
    failUnlessInForce(before, now);
    return { ...said(before), ...given };
  });
}

const said = ({ verdict, reason, expiresAt }: DecisionRow): Said => ({ verdict, reason, expiresAt });

/** Ends a decision; it stays as history. @throws ProblemError NOT_FOUND, or CONFLICT when it is no longer in force */
export async function withdrawDecision(ctx: Context, store: DecisionStore, id: string): Promise<Decision> {
  const user = requireUser(ctx.actor);
  return changeDecision(ctx, store, id, "decision.withdraw", (now) => ({
    ...{ endedAt: now, endedUserId: user.id, endedUserName: nameOf(user) },
  }));
}

async function changeDecision(
  ctx: Context,
  store: DecisionStore,
  id: string,
  action: "decision.update" | "decision.withdraw",
  change: (now: Date) => Partial<DecisionRow>,
): Promise<Decision> {
  const now = ctx.clock.now();
  const row = await ctx.db.transaction(async (tx) => {
    await lockDecision(tx, id);
    const before = await existingDecision(tx, id);
    failUnlessInForce(before, now);
    const after = await updateDecision(tx, id, { ...change(now), updatedAt: now });
    await recordDecision(tx, ctx, action, before, after);
    await ctx.db.notify(decisionsChannel, id, tx);
    return after;
  });
  await store.reload(id);
  return decisionOf(row, now);
}

function failUnlessInForce(row: DecisionRow, now: Date): void {
  const status = statusOf(row, now);
  if (status !== "in_force") failNotInForce(status);
}

function failNotInForce(why: string): never {
  fail("CONFLICT", `This decision is no longer in force (${why}) and stays as it was. Decide anew.`);
}

/** Whoever has given no name is known by their e-mail address. */
const nameOf = ({ name, email }: ActorUser): string => name || email;

async function existingDecision(tx: Transaction, id: string): Promise<DecisionRow> {
  return (await findDecision(tx, id)) ?? fail("NOT_FOUND", `There is no decision ${id}.`);
}

async function recordDecision(
  tx: Transaction,
  ctx: Context,
  action: `decision.${string}`,
  before: DecisionRow | null,
  after: DecisionRow,
): Promise<void> {
  const fields = ({ verdict, reason, expiresAt, endedAt }: DecisionRow) => ({ verdict, reason, expiresAt, endedAt });
  const changes = fieldChanges(before && fields(before), fields(after));
  await recordAudit(tx, ctx, { action, object: { type: "decision", id: after.id, name: after.data }, changes });
}

function expiryOf(text: string | null, now: Date): Date | null {
  if (text === null) return null;
  const expiresAt = new Date(text);
  if (expiresAt > now) return expiresAt;
  return failValidation([
    { field: "body.expiresAt", message: "must be in the future, or null for a decision without end" },
  ]);
}
