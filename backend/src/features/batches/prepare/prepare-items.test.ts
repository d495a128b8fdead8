import { expect, test } from "vitest";
import { type PreparedItem, prepareItems, type PrepareSummary, type PrepareTask } from "./prepare-items.ts";

function run(task: Partial<PrepareTask>): { items: PreparedItem[]; end: PrepareSummary } {
  const items: PreparedItem[] = [];
  const preparing = prepareItems({ text: null, list: [], doubtful: false, itemsMax: 100, ...task });
  for (;;) {
    const next = preparing.next();
    if (next.done) return { items, end: next.value };
    items.push(next.value);
  }
}

test("a list of mixed kinds: canonical, each once, in its order; what is none is dropped with the reason", () => {
  const list = [
    "8.8.8.8",
    "EVIL[.]com",
    { data: "8.8.8.8" },
    { data: "d41d8cd98f00b204e9800998ecf8427e", kind: "IMPHASH" as const },
    "d41d8cd98f00b204e9800998ecf8427e",
    { data: "8.8.8.8", kind: "DOMAIN" as const },
    "not one",
    "hxxp://evil[.]com/x",
  ];
  const { items, end } = run({ list });
  expect(items.map(({ kind, data }) => `${kind} ${data}`)).toEqual([
    "IPV4 8.8.8.8",
    "DOMAIN evil.com",
    "IMPHASH d41d8cd98f00b204e9800998ecf8427e",
    "MD5 d41d8cd98f00b204e9800998ecf8427e",
    "URL http://evil.com/x",
  ]);
  expect([end.found, end.duplicates, end.droppedCount]).toEqual([6, 1, 2]);
  expect(end.dropped.map(({ raw }) => raw)).toEqual(["8.8.8.8", "not one"]);
});

test("a text: what is doubtful or of no use outside is taken only when asked for", () => {
  const text = "From 10.0.0.7 to 9.9.9.9, again 9.9.9.9, and report.pdf";
  const plain = run({ text });
  expect(plain.items.map(({ data }) => data)).toEqual(["9.9.9.9"]);
  expect(plain.end).toMatchObject({ found: 2, duplicates: 1, droppedCount: 2 });
  expect(plain.end.dropped.map(({ raw }) => raw)).toEqual(["10.0.0.7", "report.pdf"]);
  expect(run({ text, doubtful: true }).items.map(({ data }) => data)).toEqual(["10.0.0.7", "9.9.9.9"]);
});

test("beyond the most, indicators are counted and not given; of what was dropped 1,000 are kept", () => {
  const list = Array.from({ length: 300 }, (_, i) => `192.0.2.${i % 256}`);
  const { items, end } = run({ list, itemsMax: 100 });
  expect([items.length, end.found, end.duplicates]).toEqual([100, 300, 44]);
  const junk = run({ list: Array.from({ length: 1500 }, (_, i) => `no ${i} ${"x".repeat(500)}`) });
  expect([junk.end.dropped.length, junk.end.droppedCount, junk.end.dropped[0]?.raw.length]).toEqual([1000, 1500, 200]);
});
