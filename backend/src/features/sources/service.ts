import type { Source, SourceSummary, SourceVersion } from "@assay/contract";
import { z } from "zod";
import type { Context } from "../../context.ts";
import { decodeCursor, type Page, pageOf, type PageQuery, positionByName, positionInTime } from "../../page.ts";
import { fail } from "../../problem-error.ts";
import { tellReading } from "../requests/tell-reading.ts";
import { sourcesChannel, type SourceEngine } from "./engine.ts";
import {
  type AnswerRow,
  deleteSource,
  findSource,
  listAnswers,
  listSources,
  listVersions,
  type SourceFilter,
  type SourceRow,
} from "./queries.ts";
import { recordSource } from "./record-source.ts";
import { sourceOf, summaryOf } from "./source-fields.ts";

/** Sources that pass the filter, by name. */
export async function pageSources(
  ctx: Context,
  { limit, cursor, ...filter }: PageQuery & SourceFilter,
): Promise<Page<SourceSummary>> {
  const rows = await listSources(ctx.db, filter, decodeCursor(cursor, positionByName), limit + 1);
  return pageOf(rows, limit, ({ name, id }) => [name, id], summaryOf);
}

/** @throws ProblemError NOT_FOUND */
export async function getSource(ctx: Context, key: { id: string } | { slug: string }): Promise<Source> {
  return sourceOf(await existingSource(ctx, key));
}

/** @throws ProblemError NOT_FOUND */
export async function existingSource(ctx: Context, key: { id: string } | { slug: string }): Promise<SourceRow> {
  const found = await findSource(ctx.db, key);
  return found ?? fail("NOT_FOUND", `There is no source ${"id" in key ? key.id : key.slug}.`);
}

/** Deletes a source of one's own; its answers stay. @throws ProblemError NOT_FOUND, CONFLICT */
export async function removeSource(ctx: Context, engine: SourceEngine, id: string): Promise<void> {
  const source = await existingSource(ctx, { id });
  if (source.catalogue) fail("CONFLICT", `${source.name} comes with Assay and cannot be deleted. Disable it instead.`);
  await ctx.db.transaction(async (tx) => {
    if (!(await deleteSource(tx, id))) return;
    await recordSource(tx, ctx, "source.delete", source, null);
    await ctx.db.notify(sourcesChannel, "", tx);
  });
  await engine.reload();
}

/** A source's versions, newest first. @throws ProblemError NOT_FOUND */
export async function pageVersions(
  ctx: Context,
  id: string,
  { limit, cursor }: PageQuery,
): Promise<Page<SourceVersion>> {
  await existingSource(ctx, { id });
  const below = decodeCursor(cursor, z.tuple([z.coerce.number().int().max(2_147_483_647)]))?.[0] ?? null;
  const rows = await listVersions(ctx.db, id, below, limit + 1);
  return pageOf(
    rows,
    limit,
    ({ number }) => [String(number)],
    ({ sourceId: _sourceId, createdAt, ...version }) => ({ ...version, createdAt: createdAt.toISOString() }),
  );
}

type SourceAnswer = Pick<AnswerRow, "requestId" | "data" | "kind" | "answer">;

/** What a source has answered, newest first. @throws ProblemError NOT_FOUND */
export async function pageAnswers(ctx: Context, id: string, { limit, cursor }: PageQuery): Promise<Page<SourceAnswer>> {
  await existingSource(ctx, { id });
  const rows = await listAnswers(ctx.db, ctx.actor, id, decodeCursor(cursor, positionInTime), limit + 1);
  await tellReading(
    ctx,
    rows.slice(0, limit).map((row) => ({ ...row, id: row.requestId })),
  );
  return pageOf(
    rows,
    limit,
    (row) => [row.createdAt.toISOString(), row.id],
    ({ requestId, data, kind, answer }) => ({ requestId, data, kind, answer }),
  );
}
