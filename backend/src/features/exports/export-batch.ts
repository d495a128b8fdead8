import type { Answer, BatchItemFilter, ExportFormat, Request, RequestSummary } from "@assay/contract";
import type { Context } from "../../context.ts";
import type { FileAnswer } from "../../http/handlers.ts";
import { mayRead } from "../../may-read.ts";
import { recordAudit } from "../audit/record.ts";
import { batchObject } from "../batches/batch-object.ts";
import type { BatchRow } from "../batches/batch-row.ts";
import { listItems } from "../batches/queries.ts";
import { requestIdOf } from "../batches/request-id.ts";
import { tellReading } from "../requests/tell-reading.ts";
import { fileOf } from "./file-of.ts";
import { readAnswers, readSummaries } from "./queries.ts";

const itemRows = 500;
/** So many lookups are in memory with all their answers at once. */
const wholeLookups = 10;

/** The lookups of a batch that pass the filter as a file, in the order of the batch; that somebody took them is an event. */
export async function exportBatch(
  ctx: Context,
  batch: BatchRow,
  filter: BatchItemFilter,
  format: ExportFormat,
): Promise<FileAnswer> {
  const object = batchObject(batch);
  await recordAudit(ctx.db.prisma, ctx, {
    action: "batch.export",
    object: { ...object, name: `${object.name}, as ${format}` },
  });
  const title = `Batch: ${batch.name ?? batch.id}`;
  const subject = { key: `batch ${batch.id}`, title, madeAt: ctx.clock.now(), tlp: batch.tlp };
  return fileOf(`assay-batch-${batch.id}`, format, subject, lookupsOf(ctx, batch.id, filter));
}

async function* lookupsOf(ctx: Context, id: string, filter: BatchItemFilter): AsyncGenerator<Request> {
  for (let from = 0; ;) {
    const range = { from, limit: itemRows, closedToo: true };
    const items: Awaited<ReturnType<typeof listItems>> = await listItems(ctx.db.pool, id, filter, range);
    const ids = items.filter(({ verdict }) => verdict !== null).map((item) => requestIdOf(id, item));
    const byId = await readSummaries(ctx.db.pool, ids);
    // One that was closed after the batch was made is for its owner alone.
    const found = ids.flatMap((each): RequestSummary[] => {
      const summary = byId.get(each);
      return summary && mayRead(ctx.actor, summary) ? [summary] : [];
    });
    await tellReading(ctx, found);
    for (let at = 0; at < found.length; at += wholeLookups) {
      const some = found.slice(at, at + wholeLookups);
      const answers: ReadonlyMap<string, Answer[]> = await readAnswers(
        ctx.db.pool,
        some.map((summary) => summary.id),
      );
      for (const summary of some) yield { ...summary, answers: answers.get(summary.id) ?? [] };
    }
    const last = items.at(-1);
    if (last === undefined || items.length < itemRows) return;
    from = last.position + 1;
  }
}
