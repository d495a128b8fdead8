import { type Scope, type Tlp, tlpExceeds } from "@assay/contract";
import type { Context, TokenMarkings } from "../../context.ts";
import { fail, failValidation } from "../../problem-error.ts";
import { type findToken, knownMarkings, knownScopes } from "./queries.ts";

type TokenRow = NonNullable<Awaited<ReturnType<typeof findToken>>>;

/** What the caller may do, which no token of theirs may exceed. */
export function callerScopes({ actor }: Context): ReadonlySet<Scope> {
  return actor.type === "user" || actor.type === "apiToken" ? actor.scopes : new Set();
}

/** Else a token could be used to get hold of one that may do more, or to keep it alive. */
export function checkNoWider(ctx: Context, token: TokenRow): void {
  const missing = knownScopes(token.scopes).filter((scope) => !callerScopes(ctx).has(scope));
  if (missing.length > 0) fail("FORBIDDEN", `This token has scopes that you do not have: ${missing.join(", ")}.`);
  const most = callerMaxTlp(ctx);
  if (most !== null && isWider(knownMarkings(token).maxTlp, most))
    fail("FORBIDDEN", `This token may look up and read above TLP:${most}, which the one that you use may not.`);
}

function isWider(maxTlp: Tlp | null, most: Tlp): boolean {
  return maxTlp === null || tlpExceeds(maxTlp, most);
}

export function checkMarkings(ctx: Context, { tlp, maxTlp }: Pick<TokenMarkings, "tlp" | "maxTlp">): void {
  const most = callerMaxTlp(ctx);
  if (most !== null && isWider(maxTlp, most))
    failValidation([{ field: "body.maxTlp", message: `must be ${most} or less, as of the token that you use` }]);
  if (tlp !== null && maxTlp !== null && tlpExceeds(tlp, maxTlp))
    failValidation([
      { field: "body.tlp", message: `is above the token's own bound, ${maxTlp}: it could start no lookup` },
    ]);
}

/** The bound of the token that somebody acts with. */
export function callerMaxTlp({ actor }: Context): Tlp | null {
  return actor.type === "apiToken" ? actor.markings.maxTlp : null;
}

export function checkScopes(ctx: Context, scopes: readonly Scope[]): void {
  const own = callerScopes(ctx);
  const errors = scopes.flatMap((scope, index) =>
    own.has(scope) ? [] : [{ field: `body.scopes[${index}]`, message: `is ${scope}, which you do not have yourself` }],
  );
  if (errors.length > 0) failValidation(errors);
}
