import type { Answer, ExportFormat, Request, RequestFilter, RequestSummary, Tlp } from "@assay/contract";
import type { Context } from "../../context.ts";
import type { FileAnswer } from "../../http/handlers.ts";
import { recordAudit } from "../audit/record.ts";
import type { Lookups } from "../lookups/lookups.ts";
import { listMarkings, listRequests, type Position } from "../requests/queries.ts";
import { readFilter } from "../requests/read-filter.ts";
import { getRequest } from "../requests/service.ts";
import { tellReading } from "../requests/tell-reading.ts";
import { fileOf } from "./file-of.ts";
import { readAnswers } from "./queries.ts";
import { strictestTlp } from "./strictest-tlp.ts";

const summaryRows = 500;
/** So many lookups are in memory with all their answers at once. */
const wholeLookups = 10;

/** One lookup as a file; one that still runs as it is now. @throws ProblemError NOT_FOUND */
export async function exportRequest(
  ctx: Context,
  lookups: Lookups,
  id: string,
  format: ExportFormat,
): Promise<FileAnswer> {
  const request = await getRequest(ctx, lookups, id);
  const title = `Lookup of ${request.data}`;
  const subject = { key: `lookup ${id}`, title, madeAt: ctx.clock.now(), tlp: request.tlp };
  return fileOf(`assay-lookup-${id}`, format, subject, [request]);
}

/** All lookups that pass the filter as a file, newest first; that somebody took them is an event. */
export async function exportRequests(ctx: Context, filter: RequestFilter, format: ExportFormat): Promise<FileAnswer> {
  const stored = readFilter(filter);
  const madeAt = ctx.clock.now();
  const words = filterWords(filter);
  // What somebody looks for may be what a private lookup is about, which is for nobody to find in the audit log.
  const shown = filterWords({ ...filter, ...hidden(filter) });
  const object = { type: "request", id: null, name: `${shown}, as ${format}` };
  await recordAudit(ctx.db.prisma, ctx, { action: "request.export", object });
  const markings: Tlp[] = await listMarkings(ctx.db.pool, ctx.actor, stored);
  const key = `lookups ${words} ${madeAt.toISOString()}`;
  const subject = { key, title: `Lookups: ${words}`, madeAt, tlp: strictestTlp(markings) };
  const name = `assay-lookups-${madeAt.toISOString().slice(0, 10)}`;
  return fileOf(name, format, subject, allRequests(ctx, stored, madeAt));
}

/** Page by page, each asked for when the one before has been taken: neither the database nor we hold anything open or much. */
async function* allRequests(ctx: Context, filter: RequestFilter, until: Date): AsyncGenerator<Request> {
  for (let after: Position = { createdAt: until.toISOString(), id: "~" }; ;) {
    const page: RequestSummary[] = await listRequests(ctx.db.pool, ctx.actor, filter, after, summaryRows);
    await tellReading(ctx, page);
    for (let from = 0; from < page.length; from += wholeLookups) {
      const some = page.slice(from, from + wholeLookups);
      const answers: ReadonlyMap<string, Answer[]> = await readAnswers(
        ctx.db.pool,
        some.map(({ id }) => id),
      );
      for (const summary of some) yield { ...summary, answers: answers.get(summary.id) ?? [] };
    }
    const last = page.at(-1);
    if (last === undefined || page.length < summaryRows) return;
    after = last;
  }
}

function hidden({ data, prefix, domain, network }: RequestFilter): RequestFilter {
  const given = Object.entries({ data, prefix, domain, network }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name]) => [name, "…"]));
}

function filterWords(filter: RequestFilter): string {
  const words = Object.entries(filter).filter(([, value]) => value !== undefined);
  return words.length === 0 ? "all" : words.map(([name, value]) => `${name} ${String(value)}`).join(", ");
}
