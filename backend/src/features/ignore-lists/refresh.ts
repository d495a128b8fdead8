import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { IgnoreList, IgnoreListEntry, ListFeed } from "@assay/contract";
import type { Context } from "../../context.ts";
import { fail, ProblemError } from "../../problem-error.ts";
import type { Downloaded, DownloadInput } from "../lookups/download.ts";
import { entriesMax, fillList } from "./entries.ts";
import { withoutKeyIn } from "./feed-address.ts";
import { feedOf } from "./feed-columns.ts";
import { ignoreListsChannel, type IgnoreListStore } from "./ignore-list-store.ts";
import { dueLists, type IgnoreListFields, type IgnoreListRow, lockIgnoreList, updateIgnoreList } from "./queries.ts";
import { readEntries, readMispEntries, readMispList } from "./read-file.ts";
import { existingList, fillTimeoutMs, ignoreListOf, recordList } from "./service.ts";

/** Gets a file from outside; see `download`. */
export type Fetcher = (input: DownloadInput, signal: AbortSignal) => Promise<Downloaded>;

/** What came of a try: what the list's columns are to be, and the entries where there are new ones. */
interface Read {
  readonly change: Partial<IgnoreListFields>;
  readonly entries?: readonly IgnoreListEntry[];
}

const minuteMs = 60_000;
/** A file that could not be had is tried again after this, or earlier where it is to be fetched more often. */
const retryMinutes = 60;
/** Of a shorter list, losing half says nothing. */
const shrinkCheckedFrom = 20;
const problemCharsMax = 500;

/** Fetches the files that are due, one after the other, until the work is called off. Returns how many. */
export async function refreshDueLists(ctx: Context, store: IgnoreListStore, fetcher: Fetcher): Promise<number> {
  const ids = await dueLists(ctx.db.pool, ctx.clock.now());
  let done = 0;
  for (const id of ids) {
    if (ctx.signal.aborted) break;
    try {
      await refresh(ctx, store, fetcher, id, { acceptSmaller: false, isAsked: false });
      done++;
    } catch (error) {
      // It has been deleted meanwhile.
      if (!(error instanceof ProblemError)) throw error;
    }
  }
  return done;
}

/** Fetches the file of a list now, whoever it is due for. @throws ProblemError NOT_FOUND, CONFLICT where it has none */
export async function refreshList(
  ctx: Context,
  store: IgnoreListStore,
  fetcher: Fetcher,
  id: string,
  acceptSmaller: boolean,
): Promise<IgnoreList> {
  const { name, feedUrl } = await existingList(ctx.db.prisma, { id });
  if (feedUrl === null) fail("CONFLICT", `${name} has no address that its entries come from. Give it one first.`);
  return ignoreListOf(await refresh(ctx, store, fetcher, id, { acceptSmaller, isAsked: true }));
}

/** The entries change in one transaction, or stay as they are and the list says why. */
async function refresh(
  ctx: Context,
  store: IgnoreListStore,
  fetcher: Fetcher,
  id: string,
  options: { readonly acceptSmaller: boolean; readonly isAsked: boolean },
): Promise<IgnoreListRow> {
  const list = await existingList(ctx.db.prisma, { id });
  const feed = feedOf(list);
  if (feed === null) return list;
  const tags = { etag: list.feedEtag, lastModified: list.feedLastModified };
  const got = await fetcher({ url: feed.url, ...tags }, ctx.signal);
  const now = ctx.clock.now();
  const read = await readDownload(list, feed, got, options.acceptSmaller, now);
  const minutes = read.change.feedProblem ? Math.min(feed.everyMinutes, retryMinutes) : feed.everyMinutes;
  const change = { ...read.change, feedDueAt: new Date(now.getTime() + minutes * minuteMs) };
  const { entries } = read;
  const row = await ctx.db.transaction(
    async (tx) => {
      await lockIgnoreList(tx, id);
      const before = await existingList(tx, { id });
      // Somebody has changed where it comes from, or another process has been quicker.
      if (!isDeepStrictEqual(feedOf(before), feed) || before.revision !== list.revision) return before;
      const after =
        entries === undefined
          ? await updateIgnoreList(tx, id, change)
          : await fillList(tx, before, entries, { ...change, updatedAt: now, updatedUserId: null });
      if (options.isAsked || entries !== undefined || before.feedProblem !== after.feedProblem) {
        await recordList(tx, ctx, "ignoreList.refresh", before, after, [outcomeWords(after, entries)]);
      }
      if (entries !== undefined) await ctx.db.notify(ignoreListsChannel, "", tx);
      return after;
    },
    { timeoutMs: fillTimeoutMs },
  );
  if (entries !== undefined) await store.reload();
  return row;
}

/** For the audit log. */
function outcomeWords({ feedProblem }: IgnoreListRow, entries: readonly IgnoreListEntry[] | undefined): string {
  if (feedProblem !== null) return `nothing: ${feedProblem}`;
  return entries === undefined ? "nothing: the file is as before" : `${entries.length} in the place of all`;
}

async function readDownload(
  list: IgnoreListRow,
  feed: ListFeed,
  got: Downloaded,
  acceptSmaller: boolean,
  now: Date,
): Promise<Read> {
  const problem = (text: string): Read => ({
    change: { feedProblem: withoutKeyIn(text, feed).slice(0, problemCharsMax).toWellFormed() },
  });
  const there = { feedProblem: null, feedFetchedAt: now };
  if (!got.ok) return problem(got.problem);
  if (got.status === 304) return { change: there };
  if (got.status !== 200) return problem(`The server answered with status ${got.status} and not with the file.`);
  const feedHash = createHash("sha256").update(got.text).digest("hex");
  const file = { ...there, feedEtag: got.etag, feedLastModified: got.lastModified, feedHash };
  if (feedHash === list.feedHash) return { change: file };
  try {
    const { entries, version } = await readFile(got.text, feed);
    if (entries.length === 0) return problem("The file has no entries. The list keeps those that it has.");
    if (entries.length > entriesMax)
      return problem(`The file has ${entries.length} entries; a list holds ${entriesMax} at the most.`);
    const isMuchSmaller = list.entryCount >= shrinkCheckedFrom && entries.length * 2 < list.entryCount;
    if (isMuchSmaller && !acceptSmaller) {
      const count = entries.length === 1 ? "1 entry" : `${entries.length} entries`;
      const counts = `${count} where the list has ${list.entryCount}`;
      return problem(
        `The file has only ${counts}, which looks like a mistake. Where it is right, refresh by hand and accept that it is shorter.`,
      );
    }
    return { change: { ...file, feedChangedAt: now, version }, entries };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return problem(`The file cannot be read: ${error.errors?.[0]?.message ?? error.message}`);
  }
}

async function readFile(
  text: string,
  { format, type, invalid }: ListFeed,
): Promise<{ readonly entries: readonly IgnoreListEntry[]; readonly version: string | null }> {
  if (format !== "misp") {
    const { entries } = await readEntries(text, format, type ?? undefined, invalid);
    return { entries, version: null };
  }
  const misp = readMispList(text);
  return { entries: (await readMispEntries(misp, invalid)).entries, version: misp.version };
}
