import type { Decision, DecisionInForce, DecisionStatus, DecisionWord, IndicatorKind } from "@assay/contract";
import type { DecisionRow } from "./queries.ts";

/** What has become of a decision; one that had expired before it was ended has expired. */
export function statusOf(row: Pick<DecisionRow, "expiresAt" | "endedAt" | "replacedById">, now: Date): DecisionStatus {
  if (row.expiresAt !== null && row.expiresAt <= (row.endedAt ?? now)) return "expired";
  if (row.endedAt === null) return "in_force";
  return row.replacedById === null ? "withdrawn" : "replaced";
}

/** The decision as a verdict tells it. */
export function decisionInForce(row: DecisionRow): DecisionInForce {
  return {
    id: row.id,
    verdict: row.verdict as DecisionWord,
    reason: row.reason,
    user: { id: row.userId, name: row.userName },
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
  };
}

export function decisionOf(row: DecisionRow, now: Date): Decision {
  const { endedAt, endedUserId, endedUserName, replacedById } = row;
  return {
    ...decisionInForce(row),
    data: row.data,
    kind: row.kind as IndicatorKind,
    status: statusOf(row, now),
    updatedAt: row.updatedAt.toISOString(),
    ended: endedAt && {
      at: endedAt.toISOString(),
      user: { id: endedUserId ?? "", name: endedUserName ?? "" },
      replacedById,
    },
  };
}
