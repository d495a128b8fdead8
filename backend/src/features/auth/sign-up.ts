import type { ServerConfig, SignUp } from "@assay/contract";
import type { Context } from "../../context.ts";
import type { Transaction } from "../../db/database.ts";
import { isUniqueViolation } from "../../db/violations.ts";
import { newId } from "../../ids.ts";
import { addressKey } from "../../limits/address-key.ts";
import type { Limiter, Limiters } from "../../limits/limiter.ts";
import { fail, failValidation, ProblemError } from "../../problem-error.ts";
import { fieldChanges } from "../audit/field-changes.ts";
import { recordAudit } from "../audit/record.ts";
import { countAwaiting, deleteAwaitingBefore, findAccountByEmail, insertAccount } from "../users/queries.ts";
import type { PasswordRules } from "./password-rules.ts";
import { hashPassword } from "./passwords.ts";

const windowSeconds = 60 * 60;
const perAddress = 20;
const perServer = 300;
/** Strangers cannot fill the table. */
const awaitingMax = 100;
const awaitingDays = 30;

export interface SignUpOptions {
  readonly limiters: Limiters;
  readonly rules: PasswordRules;
  readonly settings: () => Pick<ServerConfig, "signUpEnabled" | "signUpDomains">;
}

/**
 * Takes somebody's wish for an account, which does nothing before an administrator approves it. Whether the address is known can be
 * told neither from what comes back nor from how long it takes.
 * @throws ProblemError FORBIDDEN where sign-up is off, VALIDATION_FAILED, TOO_MANY_REQUESTS, UNAVAILABLE
 */
export function createSignUp({ limiters, rules, settings }: SignUpOptions) {
  const addresses = limiters.create("sign-up-address", windowSeconds);
  const server = limiters.create("sign-up", windowSeconds);
  return async (ctx: Context, { email, name, password }: SignUp): Promise<void> => {
    const { signUpEnabled, signUpDomains } = settings();
    if (!signUpEnabled) fail("FORBIDDEN", "Sign-up is switched off here. Ask an administrator for an account.");
    await take(addresses, addressKey(ctx.origin?.address ?? ""), perAddress);
    await take(server, "all", perServer);
    if (signUpDomains.length > 0 && !signUpDomains.includes(email.slice(email.lastIndexOf("@") + 1))) {
      failValidation([{ field: "body.email", message: `must be an address at ${signUpDomains.join(" or ")}` }]);
    }
    await rules.check("body.password", password, { email, name });
    const passwordHash = await hashPassword(password);
    try {
      await ctx.db.transaction((tx) => addAwaiting(ctx, tx, { email, name, passwordHash }));
    } catch (error) {
      // Else somebody made an account of this address at the same moment: it is known now.
      if (!isUniqueViolation(error)) throw error;
    }
  };
}

const signUpLock = 4_019_389;

async function addAwaiting(
  ctx: Context,
  tx: Transaction,
  { email, name, passwordHash }: { email: string; name: string; passwordHash: string },
): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${signUpLock})`;
  if ((await countAwaiting(tx)) >= awaitingMax) {
    fail("UNAVAILABLE", "Too many people wait for an administrator already. Ask one directly, or try again later.");
  }
  const known = await findAccountByEmail(tx, email);
  const id = known?.id ?? newId();
  if (known === null) {
    const account = { id, email, name, roles: [], passwordHash, now: ctx.clock.now() };
    await insertAccount(tx, { ...account, enabled: false, awaitingApproval: true });
  }
  const changes = fieldChanges(null, known ? { note: "nothing came of it: the address is known" } : { email, name });
  await recordAudit(tx, ctx, { action: "user.signUp", object: { type: "user", id, name: email }, changes });
}

/** Forgets those whom nobody has approved for 30 days; returns how many. */
export async function expireSignUps(ctx: Context): Promise<number> {
  const before = new Date(ctx.clock.now().getTime() - awaitingDays * 24 * 60 * 60 * 1000);
  return ctx.db.transaction(async (tx) => {
    const expired = await deleteAwaitingBefore(tx, before);
    for (const { id, email } of expired) {
      await recordAudit(tx, ctx, { action: "user.expire", object: { type: "user", id, name: email } });
    }
    return expired.length;
  });
}

async function take(limiter: Limiter, key: string, most: number): Promise<void> {
  const { allowed, resetSeconds } = await limiter.take(key, most);
  if (allowed) return;
  throw new ProblemError("TOO_MANY_REQUESTS", `Too many sign-ups. Try again in ${resetSeconds} seconds.`, {
    headers: { "retry-after": String(resetSeconds) },
  });
}
