import {
  type Answer,
  type ConfigSchema,
  effectiveConfig,
  type SecretTestInput,
  type SecretTestResult,
  type Source,
} from "@assay/contract";
import { requireUser } from "../../authorise.ts";
import type { Context } from "../../context.ts";
import { failValidation } from "../../problem-error.ts";
import { recordAudit } from "../audit/record.ts";
import { readIndicator } from "../lookups/indicator.ts";
import type { SourceEngine } from "../sources/engine.ts";
import { findSource } from "../sources/queries.ts";
import { slotsOf } from "./assignments.ts";
import { existingSecret, type SecretTools } from "./service.ts";

/**
 * Asks a source once with this secret, whether it is assigned to it or not. What the code says beside the outcome is left out:
 * in an exposed slot it holds the value. Who asked is recorded first.
 * @throws ProblemError NOT_FOUND, VALIDATION_FAILED, INVALID_INDICATOR
 */
export async function testSecret(
  ctx: Context,
  { store }: SecretTools,
  engine: SourceEngine,
  id: string,
  { sourceId, slot, data, kind }: SecretTestInput,
): Promise<SecretTestResult> {
  const { name, sources: uses } = await existingSecret(ctx, id);
  const source = await findSource(ctx.db, { id: sourceId });
  if (!source) failValidation([{ field: "body.sourceId", message: "is not the id of a source" }]);
  const indicator = readIndicator({ data, kind });
  const secretSlots = slotsOf(source);
  const filled = uses.filter((use) => use.source.id === sourceId).map((use) => use.slot);
  const names = secretSlots.map(({ name }) => name);
  const own = names.filter((name) => filled.includes(name));
  const [chosen, ...others] =
    slot === undefined ? (own.length > 0 ? own : names) : names.filter((name) => name === slot);
  if (chosen === undefined || others.length > 0) {
    const message =
      names.length === 0 ? `is needless: ${source.name} takes no secrets` : `must be one of ${names.join(", ")}`;
    failValidation([{ field: "body.slot", message }]);
  }
  const config = source.config as ConfigSchema;
  await recordAudit(ctx.db.prisma, ctx, {
    action: "secret.test",
    object: { type: "secret", id, name },
    changes: [{ field: "source", before: null, after: source.slug }],
  });
  const answer = await engine.tryOut(
    {
      language: source.language as Source["language"],
      code: source.code,
      hosts: source.hosts,
      strip: source.strip as Source["strip"],
      secretSlots,
      configJson: JSON.stringify(effectiveConfig(config, source.configValues as Record<string, unknown>)),
      timeoutMs: source.timeoutMs,
      indicator,
      userId: requireUser(ctx.actor).id,
    },
    store.lend(sourceId, { slot: chosen, secretId: id }),
    sourceId,
    ctx.signal,
  );
  return { verdict: verdictOn(answer), outcome: answer.outcome, problems: answer.problems.map(bareProblem) };
}

function verdictOn({ outcome, problems }: Answer): SecretTestResult["verdict"] {
  if (outcome === "ok" || outcome === "not_found") return "accepted";
  return problems.some(({ code }) => code === "UNAUTHORIZED") ? "refused" : "unclear";
}

function bareProblem({
  code,
  status,
  retryAfterMs,
  slots,
}: Answer["problems"][number]): SecretTestResult["problems"][number] {
  return {
    code,
    ...(status !== undefined && { status }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(slots !== undefined && { slots }),
  };
}
