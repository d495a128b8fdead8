import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client, IgnoreListInput, Source } from "@assay/contract";
import { createLogger } from "@assay/process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../context.ts";
import type { TestBackend } from "../../testing.ts";
import { type ServedBackend, startServedBackend } from "../../testing-served.ts";
import { installIgnoreLists } from "./install.ts";

let first: ServedBackend;
let second: TestBackend;
let client: Client;
let there: Client;
beforeAll(async () => {
  first = await startServedBackend();
  second = await first.startBeside();
  client = first.client(await first.token());
  there = second.client(await first.token());
});
afterAll(async () => {
  await second.close();
  await first.close();
});

let count = 0;
const call = `export const fetchData = () => ({ data: {}, verdict: "malicious" });`;
async function newSource(): Promise<Source> {
  const { id: providerId } = await client.providers.create({ body: { name: `Provider ${++count}` } });
  const name = `Accuser ${count}`;
  const kinds = { supportedIndicators: ["IPV4" as const, "DOMAIN" as const], exposure: "local" as const };
  return client.sources.create({ body: { name, providerId, language: "JAVASCRIPT", code: call, ...kinds } });
}
async function newList(entries: string[], changes: Partial<IgnoreListInput> = {}) {
  const list = await client.ignoreLists.create({ body: { name: `List ${++count}`, ...changes } });
  await client.ignoreLists.addEntries({
    params: { id: list.id },
    body: { entries: entries.map((value) => ({ value: value.replace("!", ""), exception: value.startsWith("!") })) },
  });
  return { ...list, params: { id: list.id } };
}
const ask = (data: string, sources: Source[], through = client) =>
  through.requests.execute({ query: { data, sourceIds: sources.map(({ id }) => id).join(",") } });
const matches = async (data: string, through = client) =>
  (await through.ignoreLists.match({ body: { data } })).matches.map(({ list }) => list.name);
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: { problem: { code: string; detail: string; errors?: { field: string; message: string }[] } }) =>
      error.problem,
  );

test("a known-good list keeps the sources that it concerns from being asked, and who else calls it malicious is in conflict", async () => {
  const [tied, free] = [await newSource(), await newSource()];
  const list = await newList(["198.51.100.0/24", "!198.51.100.66"]);
  expect((await ask("198.51.100.1", [tied, free])).verdict.rule).toBe("R3");
  await client.ignoreLists.tieSources({ ...list, body: { sourceIds: [tied.id] } });
  const lookup = await ask("198.51.100.1", [tied, free]);
  const answer = (source: Source) => lookup.answers.find((each) => each.source.id === source.id);
  expect(answer(tied)).toMatchObject({
    outcome: "skipped",
    problems: [{ code: "WITHIN_IGNORE_LIST", list: list.slug, entry: "198.51.100.0/24" }],
  });
  expect(answer(free)).toMatchObject({ outcome: "ok", verdict: "malicious" });
  expect(lookup.verdict).toMatchObject({ verdict: "benign", rule: "R1", conflicts: [free.slug] });
  expect(lookup.ignoreLists).toMatchObject([{ list: { id: list.id }, entry: { value: "198.51.100.0/24" } }]);
  expect(await client.requests.get({ params: { id: lookup.id } })).toEqual(lookup);
  const excepted = await ask("198.51.100.66", [tied]);
  expect([excepted.answers[0]?.outcome, excepted.ignoreLists]).toEqual(["ok", []]);
  expect((await ask("198.51.100.1", [free])).verdict.rule).toBe("R4");
  await client.ignoreLists.update({ ...list, body: { kind: "context" } });
  const labelled = await ask("198.51.100.1", [tied]);
  expect([labelled.answers[0]?.outcome, labelled.ignoreLists.map(({ list }) => list.kind)]).toEqual([
    "ok",
    ["context"],
  ]);
  await client.ignoreLists.update({ ...list, body: { kind: "known_good", enabled: false } });
  expect((await ask("198.51.100.1", [tied])).verdict.rule).toBe("R4");
  await client.ignoreLists.delete(list);
});

test("a global list keeps every source from being asked; every reason is told at once", async () => {
  const source = await newSource();
  await client.sources.update({ params: { id: source.id }, body: { enabled: false } });
  const lists = [await newList(["shop.example"], { global: true }), await newList(["/^www\\.shop/"], { global: true })];
  const { answers, verdict } = await ask("www.shop.example", [source]);
  const codes = ["SOURCE_DISABLED", "WITHIN_IGNORE_LIST", "WITHIN_IGNORE_LIST"];
  expect(answers[0]?.problems.map(({ code }) => code)).toEqual(codes);
  expect(verdict).toMatchObject({ rule: "R1", coverage: { asked: 1, skipped: 1 }, conflicts: [] });
  for (const list of lists) await client.ignoreLists.delete(list);
});

test("a change holds at once here and within a second on the other node", async () => {
  const list = await newList(["node.example"]);
  expect(await matches("node.example")).toEqual([list.name]);
  const soon = { timeout: 1000, interval: 10 };
  await expect.poll(() => matches("node.example", there), soon).toEqual([list.name]);
  await client.ignoreLists.update({ ...list, body: { enabled: false } });
  expect(await matches("node.example")).toEqual([]);
  await expect.poll(() => matches("node.example", there), soon).toEqual([]);
  await client.ignoreLists.delete(list);
});

test("an import is all or nothing, names the lines that are wrong, and can leave them out", async () => {
  const list = await newList(["kept.example"]);
  const content = '"fine.example",1\n# 300.0.0.1\n10.0.0.0/40,2\n/(?=x)/,3\nfine.example,4\n';
  const body = { content, format: "csv" as const, mode: "replace" as const };
  const refused = await refusal(client.ignoreLists.importEntries({ ...list, body: { ...body, type: "cidr" } }));
  expect(refused?.errors?.map(({ message }) => message.split(":")[0])).toEqual([
    "line 1",
    "line 3",
    "line 4",
    "line 5",
  ]);
  expect(refused?.detail).toContain("Nothing was imported");
  const open = { content: 'fine.example\n"a""\n', format: "csv" as const, mode: "add" as const };
  const unclosed = await refusal(client.ignoreLists.importEntries({ ...list, body: open }));
  expect(unclosed?.errors?.map(({ message }) => message)).toEqual([expect.stringMatching(/^line 2: .*not closed/)]);
  expect(await matches("kept.example")).toEqual([list.name]);
  const left = await client.ignoreLists.importEntries({
    ...list,
    body: { ...body, type: "hostname", invalid: "leave_out" },
  });
  expect(left).toEqual({ added: 1, removed: 1, entryCount: 1, leftOut: 2 });
  expect([await matches("kept.example"), await matches("www.fine.example")]).toEqual([[], [list.name]]);
  const misp = (content: string) => refusal(client.ignoreLists.import({ body: { content } }));
  expect((await misp("[1"))?.detail).toContain("is not JSON");
  expect((await misp('{"name":"x","type":"odd","list":[]}'))?.errors?.[0]?.message).toContain("type");
  expect((await misp('{"name":"x","type":"cidr","list":["10.0.0.0/8","nonsense"]}'))?.detail).toContain("list[1]");
  expect((await client.ignoreLists.list({ query: { q: "x" } })).items).toEqual([]);
  await client.ignoreLists.delete(list);
});

test("50,000 lines are imported, held and found again", async () => {
  const list = await newList([]);
  const content = Array.from({ length: 50_000 }, (_, n) => `host-${n}.bulk.example`).join("\n");
  const change = await client.ignoreLists.importEntries({ ...list, body: { content, format: "text" } });
  expect(change).toMatchObject({ added: 50_000, entryCount: 50_000 });
  expect(await matches("a.host-49999.bulk.example")).toEqual([list.name]);
  expect(await matches("host-50000.bulk.example")).toEqual([]);
  await client.ignoreLists.delete(list);
}, 60_000);

test("every change of a list is recorded, with what was put in", async () => {
  const list = await newList(["told.example"]);
  const source = await newSource();
  await client.ignoreLists.tieSources({ ...list, body: { sourceIds: [source.id] } });
  await client.ignoreLists.update({ ...list, body: { global: true } });
  await client.ignoreLists.delete(list);
  const { items } = await client.events.list({ query: { objectId: list.id } });
  expect(items.map(({ action }) => action)).toEqual(
    ["create", "changeEntries", "tie", "update", "delete"].toReversed().map((verb) => `ignoreList.${verb}`),
  );
  expect(items[3]?.changes).toEqual([
    { field: "entryCount", before: 0, after: 1 },
    { field: "entries", before: null, after: ["+ told.example"] },
  ]);
  expect(items[1]?.changes).toEqual([{ field: "global", before: false, after: true }]);
});

test("lists of a folder are installed once, follow their files, and leave what administrators decide alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "assay-lists-"));
  const log = createLogger({ name: "test", level: "error", format: "pretty" });
  const install = () => installIgnoreLists(first.db, systemClock, log, [{ folder, enabled: true }]);
  const write = (list: string[], name = "Ours") =>
    writeFile(join(folder, "ours.json"), JSON.stringify({ name, type: "hostname", list }));
  await write(["one.folder.example", "not a name"]);
  await writeFile(join(folder, "broken.json"), "{");
  expect([await install(), await install()]).toEqual([1, 0]);
  await expect.poll(() => matches("one.folder.example")).toEqual(["Ours"]);
  const { id } = await client.ignoreLists.getBySlug({ params: { slug: "ours" } });
  const list = { params: { id } };
  expect(await client.ignoreLists.update({ ...list, body: { global: false } })).toMatchObject({ catalogue: true });
  const owned = [
    client.ignoreLists.update({ ...list, body: { name: "Mine" } }),
    client.ignoreLists.addEntries({ ...list, body: { entries: [{ value: "x.example" }] } }),
    client.ignoreLists.delete(list),
  ];
  expect((await Promise.all(owned.map(refusal))).map((problem) => problem?.code)).toEqual(owned.map(() => "CONFLICT"));
  await write(["two.folder.example"], "Ours anew");
  expect(await install()).toBe(1);
  await expect.poll(() => matches("two.folder.example")).toEqual(["Ours anew"]);
  expect(await matches("one.folder.example")).toEqual([]);
  expect(await client.ignoreLists.get(list)).toMatchObject({ global: false, entryCount: 1 });
  await rm(join(folder, "ours.json"));
  expect(await install()).toBe(1);
  await client.ignoreLists.delete(list);
  await rm(folder, { recursive: true });
});
