import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { compileMatcher, type MatchableList } from "@assay/backend/ignore-list-matcher";
import { naiveMatch } from "@assay/backend/naive-matcher";
import type { IgnoreListEntry, IndicatorKind } from "@assay/contract";
import { figure, p50, p99 } from "./runners/figures.ts";
import { say } from "./say.ts";

const listCount = 136;
const entryCount = 530_000;
/** So that one reading of the clock, some 50 ns, does not count. */
const matchesPerSample = 20;

type Subject = readonly [IndicatorKind, string];

/** Measures the matcher over as many lists and entries as MISP's warning lists have: mostly exact texts and names. */
export async function benchIgnoreLists(_seconds: number, samples: number): Promise<void> {
  say(`Ignore lists: ${entryCount} entries in ${listCount} lists`);
  const lists = makeLists();
  const subjects = makeSubjects(lists, samples * matchesPerSample);
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const before = memoryBytes();
  const [startedAt, usedBefore] = [performance.now(), process.cpuUsage()];
  const match = await compileMatcher(lists);
  const tookMs = performance.now() - startedAt;
  const used = process.cpuUsage(usedBefore);
  collect();
  figure("compiled in", tookMs / 1000, "s", { atMost: 3 });
  figure("of that on a processor", (used.user + used.system) / 1e6, "s");
  figure("memory, beside the entries themselves", (memoryBytes() - before) / 1024 / 1024, "MB", { atMost: 250 });
  // The first ones run before the compiler has seen them.
  timeEach(subjects, (kind, data) => match(kind, data));
  const times = timeEach(subjects, (kind, data) => match(kind, data));
  figure("match, median", p50(times), "µs", { atMost: 20 });
  figure("match, 99 of 100", p99(times), "µs");
  const few = subjects.slice(0, matchesPerSample);
  figure("match, entry by entry, median", p50(timeEach(few, (kind, data) => naiveMatch(lists, kind, data), 1)), "µs");
}

function memoryBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function timeEach(
  subjects: readonly Subject[],
  match: (kind: IndicatorKind, data: string) => unknown,
  perSample = matchesPerSample,
): number[] {
  const times: number[] = [];
  for (let from = 0; from < subjects.length; from += perSample) {
    const startedAt = performance.now();
    for (const [kind, data] of subjects.slice(from, from + perSample)) match(kind, data);
    times.push(((performance.now() - startedAt) * 1000) / perSample);
  }
  return times;
}

/** Of ten lists five are names, two exact texts, one networks, one texts within, one expressions; the last two are short. */
function makeLists(): MatchableList[] {
  const random = createRandom();
  const word = (): string => (random(2 ** 32) + 2 ** 32).toString(36);
  const address = (): string => [1 + random(222), random(256), random(256), random(256)].join(".");
  const shapes: readonly (() => IgnoreListEntry)[] = [
    ...Array.from({ length: 5 }, () => () => entry("hostname", `${word()}.${["com", "net", "org"][random(3)]}`)),
    () => entry("string", `${word()}${word()}${word()}`),
    () => entry("string", address()),
    () => entry("cidr", `${address().replace(/\d+$/, "0")}/24`),
    () => entry("substring", word().slice(0, 6)),
    () => entry("regex", `/^[a-z0-9]+-${word().slice(0, 4)}\\.(com|net)$/i`),
  ];
  const short = 200;
  const long = Math.round((entryCount - (listCount / 10) * 2 * short) / ((listCount * 8) / 10));
  return Array.from({ length: listCount }, (_, index) => {
    const shape = index % shapes.length;
    const make = shapes[shape] ?? (() => entry("string", word()));
    return { indicatorKinds: [], entries: Array.from({ length: shape >= 8 ? short : long }, make) };
  });
}

const entry = (type: IgnoreListEntry["type"], value: string): IgnoreListEntry => ({ type, value, exception: false });

/** What people look up: half of it is on no list. */
function makeSubjects(lists: readonly MatchableList[], count: number): Subject[] {
  const random = createRandom();
  const held = (list: number): string => lists[list]?.entries[random(lists[list]?.entries.length ?? 1)]?.value ?? "";
  const make: readonly (() => Subject)[] = [
    () => ["DOMAIN", `www.${held(random(5))}`],
    () => ["URL", `https://${held(random(5))}/a/b?c=${random(1e9)}`],
    () => ["IPV4", held(6)],
    () => ["DOMAIN", `www.host-${random(1e9).toString(36)}.example.org`],
    () => ["SHA256", Array.from({ length: 64 }, () => random(16).toString(16)).join("")],
    () => ["IPV4", `198.51.100.${random(256)}`],
  ];
  return Array.from({ length: count }, (_, index) => make[index % make.length]?.() ?? ["IPV4", "192.0.2.1"]);
}

/** The same numbers in every run. */
function createRandom(): (below: number) => number {
  let state = 0x2545f491;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
