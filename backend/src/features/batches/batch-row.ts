import type { Batch, BatchItem } from "@assay/contract";
import { requestIdOf } from "./request-id.ts";

/** A row of `batches`, what was dropped aside. */
export interface BatchRow {
  readonly id: string;
  readonly name: string | null;
  readonly status: Batch["status"];
  readonly problem: string | null;
  readonly tlp: Batch["tlp"];
  readonly pap: Batch["pap"];
  readonly visibility: Batch["visibility"];
  readonly source_ids: string[];
  readonly deadline_ms: number;
  readonly user_id: string;
  readonly input_hash: string;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly found: number;
  readonly duplicates: number;
  readonly dropped_count: number;
  readonly kinds: Batch["kinds"];
  readonly total: number;
  readonly ignored: number;
  readonly claimed: number;
  readonly running: number;
  readonly done: number;
  readonly failed: number;
  readonly incomplete: number;
  readonly malicious: number;
  readonly suspicious: number;
  readonly benign: number;
  readonly unknown: number;
  readonly rate: number | null;
  readonly revision: number;
  readonly node: string | null;
}

export const batchColumns =
  "id, name, status, problem, tlp, pap, visibility, source_ids, deadline_ms, user_id, input_hash, created_at, started_at, ended_at, found, " +
  "duplicates, dropped_count, kinds, total, ignored, claimed, running, done, failed, incomplete, malicious, suspicious, benign, unknown, rate, revision, node";

export function batchOf(row: BatchRow): Batch {
  const left = row.total - row.ignored - row.done - row.failed;
  const running = Math.min(row.running, left);
  const rate = row.status === "running" && row.rate !== null && row.rate > 0 ? row.rate : null;
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    problem: row.problem,
    tlp: row.tlp,
    pap: row.pap,
    visibility: row.visibility,
    sourceIds: row.source_ids.length === 0 ? null : row.source_ids,
    deadlineMs: row.deadline_ms,
    userId: row.user_id,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    input: { found: row.found, duplicates: row.duplicates, dropped: row.dropped_count },
    kinds: row.kinds,
    counts: {
      total: row.total,
      ignored: row.ignored,
      waiting: left - running,
      running,
      done: row.done,
      failed: row.failed,
      incomplete: row.incomplete,
    },
    verdicts: {
      malicious: row.malicious,
      suspicious: row.suspicious,
      benign: row.benign,
      unknown: row.unknown,
    },
    ratePerSecond: rate === null ? null : Math.round(rate * 10) / 10,
    remainingSeconds: rate === null ? null : Math.ceil(left / rate),
    revision: row.revision,
  };
}

/** A row of `batch_items`. */
export interface ItemRow {
  readonly position: number;
  readonly kind: BatchItem["kind"];
  readonly data: string;
  readonly state: BatchItem["state"];
  readonly attempt: number;
  readonly note: string | null;
  readonly verdict: BatchItem["verdict"];
  readonly score: number | null;
  readonly sources_failed: number;
  readonly closed: boolean;
}

export const itemColumns = "position, kind, data, state, attempt, note, verdict, score, sources_failed, closed";

const lookupDeleted = "Retention has deleted its lookup";

/** `kept`: the lookups that are still there. */
export function itemOf(batchId: string, row: ItemRow, kept: ReadonlySet<string>): BatchItem {
  const requestId = row.verdict === null ? null : requestIdOf(batchId, row);
  const isDeleted = requestId !== null && !kept.has(requestId);
  return {
    position: row.position,
    kind: row.kind,
    data: row.data,
    state: row.state,
    note: isDeleted ? [row.note, lookupDeleted].filter((each) => each !== null).join(". ") : row.note,
    requestId: isDeleted ? null : requestId,
    verdict: row.verdict,
    score: row.score,
    sourcesFailed: row.sources_failed,
  };
}
