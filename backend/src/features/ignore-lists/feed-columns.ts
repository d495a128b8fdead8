import type { IgnoreList, ListFeed } from "@assay/contract";
import type { IgnoreListFields } from "./queries.ts";

type FeedColumn = Extract<keyof IgnoreListFields, `feed${string}`>;
export type FeedColumns = Pick<IgnoreListFields, FeedColumn>;

/** A feed as its list's columns say it, from its beginning: due at once, nothing known of its file. */
export function feedColumns(feed: ListFeed | null, now: Date): FeedColumns {
  return {
    feedUrl: feed?.url ?? null,
    feedFormat: feed?.format ?? null,
    feedType: feed?.type ?? null,
    feedInvalid: feed?.invalid ?? null,
    feedEveryMinutes: feed?.everyMinutes ?? null,
    feedDueAt: feed && now,
    feedEtag: "",
    feedLastModified: "",
    feedHash: null,
    feedFetchedAt: null,
    feedChangedAt: null,
    feedProblem: null,
  };
}

/** The words in the columns came through the contract's schemas. */
export function feedOf(row: FeedColumns): ListFeed | null {
  if (row.feedUrl === null) return null;
  return {
    url: row.feedUrl,
    format: row.feedFormat as ListFeed["format"],
    type: row.feedType as ListFeed["type"],
    invalid: row.feedInvalid as ListFeed["invalid"],
    everyMinutes: row.feedEveryMinutes ?? 1_440,
  };
}

export function feedStateOf(row: FeedColumns): IgnoreList["feedState"] {
  if (row.feedUrl === null || row.feedDueAt === null) return null;
  return {
    fetchedAt: row.feedFetchedAt?.toISOString() ?? null,
    changedAt: row.feedChangedAt?.toISOString() ?? null,
    dueAt: row.feedDueAt.toISOString(),
    problem: row.feedProblem,
  };
}

/** A list's columns without those of its feed. */
export function withoutFeed<Row extends FeedColumns>(row: Row): Omit<Row, FeedColumn> {
  const others = Object.entries(row).filter(([name]) => !name.startsWith("feed"));
  return Object.fromEntries(others) as Omit<Row, FeedColumn>;
}
