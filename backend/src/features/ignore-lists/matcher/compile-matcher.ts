import type { IgnoreListEntry, IndicatorKind } from "@assay/contract";
import { compileExpression, type Expression } from "./expression.ts";
import { createPrefixTrie, readPrefix } from "./prefix-trie.ts";
import { expressionOf } from "./read-entry.ts";
import { type Subject, subjectOf } from "./subject.ts";
import { createTextSearch } from "./text-search.ts";

/** A list to compile. Its entries have been read by `readEntry`. */
export interface MatchableList {
  /** Kinds that it is about; all when empty. */
  readonly indicatorKinds: readonly IndicatorKind[];
  readonly entries: readonly IgnoreListEntry[];
}

export interface ListMatch<L extends MatchableList> {
  readonly list: L;
  readonly entry: IgnoreListEntry;
}

/** The lists that hold an indicator in canonical form, each once with the first of its entries that says so, in the order given. */
export type Matcher<L extends MatchableList> = (kind: IndicatorKind, data: string) => ListMatch<L>[];

/** Entries between two calls of `pause`. */
const pauseEvery = 512;

/**
 * Compiles all lists into one matcher: a search costs the same for one list as for hundreds. `pause` is called often and may wait, so
 * that a large compilation leaves room for other work.
 */
export async function compileMatcher<L extends MatchableList>(
  lists: readonly L[],
  pause: () => Promise<void> | void = () => undefined,
): Promise<Matcher<L>> {
  const count = lists.reduce((sum, { entries }) => sum + entries.length, 0);
  const all: IgnoreListEntry[] = [];
  const listOf = new Uint32Array(count);
  // Entries under the same key form a chain: -1 ends it.
  const next = new Int32Array(count).fill(-1);
  const texts = new Map<string, number>();
  const names = new Map<string, number>();
  const networks = createPrefixTrie();
  const parts = createTextSearch();
  const expressions = new Map<number, Cases>();
  const unsearchable: number[] = [];

  const put = (entry: IgnoreListEntry, id: number): void => {
    switch (entry.type) {
      case "string":
        next[id] = intoMap(texts, entry.value.toLowerCase(), id);
        break;
      case "hostname":
        next[id] = intoMap(names, entry.value, id);
        break;
      case "cidr": {
        const prefix = readPrefix(entry.value);
        if (prefix) next[id] = networks.add(prefix, id);
        break;
      }
      case "substring":
        next[id] = parts.add(entry.value.toLowerCase(), id);
        break;
      case "regex": {
        const cases = compileCases(entry.value);
        expressions.set(id, cases);
        // An expression is tried only where a text that all its matches hold was found.
        if (cases.folded.literal === "") unsearchable.push(id);
        else next[id] = parts.add(cases.folded.literal, id);
      }
    }
  };
  for (const [index, { entries }] of lists.entries()) {
    for (const entry of entries) {
      const id = all.push(entry) - 1;
      listOf[id] = index;
      put(entry, id);
      if (id % pauseEvery === 0) await pause();
    }
  }
  const search = parts.build();

  const holds = (id: number, { type, value }: IgnoreListEntry, subject: Subject): boolean => {
    if (type === "string") return !subject.caseSensitive || value === subject.data;
    if (type === "substring") return !subject.caseSensitive || subject.data.includes(value);
    if (type !== "regex") return true;
    const cases = expressions.get(id);
    return cases !== undefined && (subject.caseSensitive ? cases.exact : cases.folded).test(subject.data);
  };

  return (kind, data) => {
    const subject = subjectOf(kind, data);
    const ids: number[] = [];
    const tried = new Set<number>();
    const chain = (head: number): void => {
      for (let id = head; id >= 0; id = next[id] ?? -1) {
        if (tried.has(id)) return;
        tried.add(id);
        const entry = all[id];
        if (entry && isAbout(lists[listOf[id] ?? 0], kind) && holds(id, entry, subject)) ids.push(id);
      }
    };
    chain(texts.get(subject.folded) ?? -1);
    if (subject.host !== null) for (const name of namesAbove(subject.host)) chain(names.get(name) ?? -1);
    if (subject.prefix !== null) networks.match(subject.prefix, chain);
    search.match(subject.folded, chain);
    for (const id of unsearchable) {
      const entry = all[id];
      if (entry && isAbout(lists[listOf[id] ?? 0], kind) && holds(id, entry, subject)) ids.push(id);
    }
    return ids.length === 0 ? [] : perList(ids);
  };

  function perList(ids: number[]): ListMatch<L>[] {
    const byList = new Map<number, IgnoreListEntry | null>();
    // Ids grow from list to list, and within one in the order of its entries.
    for (const id of ids.sort((a, b) => a - b)) {
      const [index, entry] = [listOf[id] ?? 0, all[id]];
      if (entry?.exception) byList.set(index, null);
      else if (entry && !byList.has(index)) byList.set(index, entry);
    }
    return [...byList].flatMap(([index, entry]) => {
      const list = lists[index];
      return list && entry ? [{ list, entry }] : [];
    });
  }
}

interface Cases {
  readonly exact: Expression;
  readonly folded: Expression;
}

function compileCases(value: string): Cases {
  const { source, ignoreCase } = expressionOf(value);
  const folded = compileExpression(source, true);
  return { folded, exact: ignoreCase ? folded : compileExpression(source, false) };
}

function intoMap(map: Map<string, number>, key: string, id: number): number {
  const before = map.get(key) ?? -1;
  map.set(key, id);
  return before;
}

function isAbout(list: MatchableList | undefined, kind: IndicatorKind): boolean {
  return list !== undefined && (list.indicatorKinds.length === 0 || list.indicatorKinds.includes(kind));
}

/** The name itself, then each one above it: `a.b.c`, `b.c`, `c`. */
function* namesAbove(host: string): Generator<string> {
  yield host;
  for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) yield host.slice(dot + 1);
}
