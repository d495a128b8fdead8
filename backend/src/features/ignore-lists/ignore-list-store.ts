import type { IgnoreListEntry, IgnoreListMatch, IndicatorKind, SourceSnapshot } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Database } from "../../db/database.ts";
import { followChanges } from "../../db/follow-changes.ts";
import { createBreather } from "../../breathe.ts";
import { compileMatcher, type MatchableList, type Matcher } from "./matcher/compile-matcher.ts";
import { type ListHead, readAllEntries, readHeads } from "./queries.ts";

export const ignoreListsChannel = "ignore_lists_changed";

/** A list that holds an indicator, and whom it concerns. */
export interface HeldBy extends IgnoreListMatch {
  readonly global: boolean;
  readonly sourceIds: ReadonlySet<string>;
  readonly providerIds: ReadonlySet<string>;
}

/** Whether a list says anything about asking this source. */
export function concerns(held: HeldBy, source: Pick<SourceSnapshot, "id" | "provider">): boolean {
  return held.global || held.sourceIds.has(source.id) || held.providerIds.has(source.provider.id);
}

/** The lists that are switched on, compiled, in memory, and kept true by the database's own word of a change on any node. */
export interface IgnoreListStore {
  /** The lists that hold an indicator in canonical form, by name. */
  match(kind: IndicatorKind, data: string): HeldBy[];
  /** Resolves when `match` says what the database has. Until then it says what it said before. */
  reload(): Promise<void>;
}

interface LoadedList extends MatchableList, ListHead {
  /** What is said of the list whenever it holds something. */
  readonly said: Omit<HeldBy, "entry">;
}

/** Loads and compiles the lists, and follows their changes. */
export async function openIgnoreListStore(db: Database, log: Logger): Promise<IgnoreListStore> {
  let match: Matcher<LoadedList> = () => [];
  let loaded: ReadonlyMap<string, LoadedList> = new Map();
  let compiledFrom = "";

  const load = async (): Promise<void> => {
    const heads = await readHeads(db.pool);
    const state = JSON.stringify(heads);
    if (state === compiledFrom) return;
    const startedAt = performance.now();
    const breathe = createBreather();
    const next = new Map<string, LoadedList>();
    for (const head of heads) {
      const known = loaded.get(head.id);
      const entries = known?.revision === head.revision ? known.entries : await entriesOf(db, head.id, breathe);
      next.set(head.id, {
        ...{ ...head, indicatorKinds: head.indicator_kinds as IndicatorKind[], entries },
        said: saidOf(head),
      });
    }
    match = await compileMatcher([...next.values()], breathe);
    [loaded, compiledFrom] = [next, state];
    const tookMs = Math.round(performance.now() - startedAt);
    log.debug({ lists: next.size, tookMs }, "compiled the ignore lists");
  };

  const { reload } = await followChanges(db, { channels: [ignoreListsChannel], what: "ignore lists", log, load });
  return {
    match: (kind, data) =>
      match(kind, data).map(({ list, entry: { type, value } }) => ({ ...list.said, entry: { type, value } })),
    reload,
  };
}

async function entriesOf(db: Database, id: string, breathe: () => Promise<void> | void): Promise<IgnoreListEntry[]> {
  const entries: IgnoreListEntry[] = [];
  for await (const rows of readAllEntries(db.pool, id)) {
    for (const row of rows) entries.push(row);
    await breathe();
  }
  return entries;
}

function saidOf({
  id,
  slug,
  name,
  kind,
  global,
  source_ids: sources,
  provider_ids: providers,
}: ListHead): LoadedList["said"] {
  return { list: { id, slug, name, kind }, global, sourceIds: new Set(sources), providerIds: new Set(providers) };
}
