import type { DecisionInForce, IndicatorKind } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Clock } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { followChanges } from "../../db/follow-changes.ts";
import { decisionInForce, statusOf } from "./decision-fields.ts";
import { type DecisionRow, decisionsChannel, findDecision, type Indicator, loadDecisions } from "./queries.ts";

/** The decisions in force, in memory, kept true by the database's own word of a change on any node. */
export interface DecisionStore {
  /** The decision about an indicator in canonical form that is in force now. */
  about(kind: IndicatorKind, data: string): DecisionInForce | null;
  /** Reads one decision again, or all; resolves when lookups of this process see it. */
  reload(id?: string): Promise<void>;
}

/** Loads the decisions in force, and follows their changes. */
export async function openDecisionStore(db: Database, clock: Clock, log: Logger): Promise<DecisionStore> {
  let open = new Map<string, DecisionRow>();

  const loadAll = async (): Promise<void> => {
    const rows = await loadDecisions(db.pool, clock.now());
    open = new Map(rows.map((row) => [keyOf(row as Indicator), row]));
  };
  const loadOne = async (id: string): Promise<void> => {
    const row = await findDecision(db.prisma, id);
    if (!row) return;
    const key = keyOf(row as Indicator);
    if (row.endedAt === null) open.set(key, row);
    else if (open.get(key)?.id === id) open.delete(key);
  };
  const { reload } = await followChanges(db, {
    channels: [decisionsChannel],
    what: "decisions",
    log,
    async load(ids) {
      if (ids === null) return loadAll();
      for (const id of ids) await loadOne(id);
    },
  });
  return {
    about(kind, data) {
      const row = open.get(keyOf({ kind, data }));
      return row && statusOf(row, clock.now()) === "in_force" ? decisionInForce(row) : null;
    },
    reload,
  };
}

const keyOf = ({ kind, data }: Indicator): string => `${kind} ${data}`;
