import type { Context } from "../../context.ts";
import { fail } from "../../problem-error.ts";
import { recordAudit } from "../audit/record.ts";
import type { Quotas } from "./quotas.ts";
import type { Rests } from "./rests.ts";

interface Lifting {
  readonly subject: string;
  readonly object: { readonly type: string; readonly id: string; readonly name: string };
  readonly action: `${string}.liftRest`;
}

/** Ends a rest by hand, and forgets what the provider said is left; what was counted stays. @throws ProblemError CONFLICT */
export async function liftRest(
  ctx: Context,
  { rests, quotas }: { readonly rests: Rests; readonly quotas: Quotas },
  { subject, object, action }: Lifting,
): Promise<void> {
  const untilMs = rests.untilMs(subject);
  if (untilMs === 0) fail("CONFLICT", `${object.name} does not rest.`);
  await rests.written();
  await ctx.db.transaction(async (tx) => {
    await rests.lift(tx, subject);
    const changes = [{ field: "restsUntil", before: new Date(untilMs).toISOString(), after: null }];
    await recordAudit(tx, ctx, { action, object, changes });
  });
  await rests.reload();
  await quotas.forgetTold(subject);
}
