import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Client, IgnoreList, ListFeed } from "@assay/contract";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { jobs } from "../../background/jobs.ts";
import { systemClock } from "../../context.ts";
import { type ServedBackend, startServedBackend } from "../../testing-served.ts";

/** What the server has at each path: a file, or what it does instead. */
const files = new Map<string, string | ((response: ServerResponse) => void)>();
const asked: { url: string; tag: string | undefined }[] = [];
const server = createServer(({ url = "", headers }: IncomingMessage, response: ServerResponse) => {
  asked.push({ url, tag: headers["if-none-match"] });
  const file = files.get(url);
  if (file === undefined) return void response.writeHead(404).end();
  if (typeof file !== "string") return file(response);
  const etag = `"${Buffer.from(file).toString("base64url").slice(-20)}"`;
  if (headers["if-none-match"] === etag) return void response.writeHead(304, { etag }).end();
  return void response.writeHead(200, { etag }).end(file);
});

let backend: ServedBackend;
let client: Client;
let origin: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  backend = await startServedBackend({ runnerEnv: { ASSAY_EGRESS_ALLOW_PRIVATE: `127.0.0.1:${port}` } });
  client = backend.client(await backend.token());
});
afterAll(async () => {
  await backend.close();
  server.close();
});
afterEach(() => {
  files.clear();
  asked.length = 0;
});

const feedOf = (path: string, given: Partial<ListFeed> = {}): ListFeed => ({
  ...{ url: path.startsWith("/") ? `${origin}${path}` : path, format: "text", type: null },
  ...{ invalid: "leave_out", everyMinutes: 60 },
  ...given,
});
const fed = (path: string, given: Partial<ListFeed> = {}): Promise<IgnoreList> =>
  client.ignoreLists.create({ body: { name: `List ${path}`, global: true, feed: feedOf(path, given) } });
const refresh = ({ id }: IgnoreList, acceptSmaller = false) =>
  client.ignoreLists.refresh({ params: { id }, body: { acceptSmaller } });
const entriesOf = async ({ id }: IgnoreList): Promise<string[]> =>
  (await client.ignoreLists.entries({ params: { id } })).items.map(({ value }) => value);
const lines = (count: number): string => Array.from({ length: count }, (_, n) => `host${n}.example`).join("\n");
const runJob = async (): Promise<void> => {
  const { db, backend: parts } = backend;
  const ctx = { db, clock: systemClock, log: parts.log, actor: { type: "system" }, origin: null } as const;
  const job = jobs(parts).find(({ name }) => name === "ignoreList.refresh");
  await job?.run({ ...ctx, signal: AbortSignal.timeout(30_000) });
};

test("the address of a file has no password, and its query is for those who may change the list alone", async () => {
  const refused = { problem: { code: "VALIDATION_FAILED", errors: [{ field: "body.feed.url" }] } };
  await expect(fed("https://ann:hunter2@lists.example/a")).rejects.toMatchObject(refused);
  const list = await client.ignoreLists.create({ body: { name: "Keyed", feed: feedOf("/keyed?key=k1-secret") } });
  expect(list.feed?.url).toBe(`${origin}/keyed?key=k1-secret`);
  const params = { id: list.id };
  const again = client.ignoreLists.update({ params, body: { feed: feedOf("https://ann@lists.example/a") } });
  await expect(again).rejects.toMatchObject(refused);
  await client.ignoreLists.update({ params, body: { feed: feedOf("/keyed?key=k2-secret") } });

  const analyst = backend.client(await backend.signIn(await backend.createUser(["analyst"])));
  const shown = await analyst.ignoreLists.get({ params });
  expect(shown.feed?.url).toBe(`${origin}/keyed?[redacted]`);
  const { items } = await analyst.ignoreLists.list({ query: { limit: 200 } });
  expect(items.find(({ id }) => id === list.id)).toEqual(shown);
  const events = (await client.events.list({ query: { objectId: list.id } })).items;
  expect(events[0]?.changes).toEqual([{ field: "feedSecret", before: "[redacted]", after: "[redacted]" }]);
  expect(JSON.stringify(events)).not.toMatch(/k[12]-secret/);
});

describe("a list that comes from a file", () => {
  test("is read, is left alone while the file is the same, and follows it when it changes", async () => {
    files.set("/a", "# comment\nexample.com\n!ok.example.com\n");
    const list = await fed("/a");
    expect(list.feedState).toMatchObject({ fetchedAt: null, changedAt: null, problem: null });
    const first = await refresh(list);
    expect([first.entryCount, first.feedState?.problem]).toEqual([2, null]);
    const { matches } = await client.ignoreLists.match({ body: { data: "www.example.com" } });
    expect(matches).toMatchObject([{ list: { id: list.id } }]);
    const same = await refresh(list);
    expect(asked.map(({ tag }) => tag !== undefined)).toEqual([false, true]);
    expect(same.feedState?.changedAt).toBe(first.feedState?.changedAt);
    expect(same.feedState?.fetchedAt).not.toBe(first.feedState?.fetchedAt);
    files.set("/a", "example.net\n");
    await refresh(list);
    expect(await entriesOf(list)).toEqual(["example.net"]);
    const { items } = await client.events.list({ query: { objectId: list.id, action: "ignoreList.refresh" } });
    expect(items).toHaveLength(3);
  });

  test("of MISP has the version of its file; of CSV the first column", async () => {
    files.set("/misp", JSON.stringify({ name: "M", type: "hostname", version: 7, list: ["a.example", "b.example"] }));
    files.set("/csv", "10.0.0.0/8,ours\n192.0.2.1,theirs\n");
    const misp = await refresh(await fed("/misp", { format: "misp" }));
    expect([misp.version, misp.entryCount, misp.name]).toEqual(["7", 2, "List /misp"]);
    expect(await entriesOf(await refresh(await fed("/csv", { format: "csv" })))).toEqual([
      "10.0.0.0/8",
      "192.0.2.1/32",
    ]);
  });

  test("keeps its entries, and says why, when the file is gone, broken, empty or suddenly much shorter", async () => {
    files.set("/b", lines(30));
    const list = await fed("/b", { invalid: "refuse", type: "hostname" });
    await refresh(list);
    const tries: [string | ((response: ServerResponse) => void) | null, RegExp][] = [
      [null, /status 404/],
      [(response) => void response.writeHead(500).end("oops"), /status 500/],
      [(response) => void response.destroy(), /closed the connection|request to .* failed/],
      [(response) => void response.end(Buffer.from([0xff, 0x00])), /no text in UTF-8/],
      ["# nothing but a comment", /no entries/],
      [`${lines(30)}\n10.0.0.0/99`, /cannot be read: line 31/],
      [lines(14), /only 14 entries where the list has 30/],
    ];
    for (const [file, why] of tries) {
      if (file === null) files.delete("/b");
      else files.set("/b", file);
      const { feedState, entryCount } = await refresh(list);
      expect([entryCount, feedState?.problem]).toEqual([30, expect.stringMatching(why)]);
    }
    // Somebody who has looked may take it.
    const taken = await refresh(list, true);
    expect([taken.entryCount, taken.feedState?.problem]).toEqual([14, null]);
  });

  test.each([
    ["a private address that nobody opened", "http://127.0.0.1:1/list", /not at a public address/],
    ["a metadata service", "http://169.254.169.254/latest", /metadata service|not at a public address/],
  ])("cannot lead to %s", async (_, url, why) => {
    expect((await refresh(await fed(url))).feedState?.problem).toMatch(why);
  });

  test("cannot be led there by a redirect either", async () => {
    files.set("/away", (response) => void response.writeHead(302, { location: "http://127.0.0.1:1/secret" }).end());
    const { feedState, entryCount } = await refresh(await fed("/away"));
    expect([entryCount, feedState?.problem]).toEqual([0, expect.stringMatching(/not among|not at a public address/)]);
  });

  test("is fetched by the job when it is due and on, and by hand at any time", async () => {
    files.set("/c", "example.com\n");
    const list = await fed("/c");
    const off = await client.ignoreLists.create({ body: { name: "Off", enabled: false, feed: feedOf("/off") } });
    await runJob();
    await runJob();
    expect(asked.filter(({ url }) => url === "/c")).toHaveLength(1);
    expect(asked.filter(({ url }) => url === "/off")).toHaveLength(0);
    const { entryCount, feedState } = await client.ignoreLists.get({ params: { id: list.id } });
    expect(entryCount).toBe(1);
    expect(Date.parse(feedState?.dueAt ?? "") - Date.parse(feedState?.fetchedAt ?? "")).toBe(60 * 60_000);
    await backend.db.pool.query("UPDATE ignore_lists SET feed_due_at = now() - interval '1 s' WHERE id = $1", [
      list.id,
    ]);
    await runJob();
    expect(asked.filter(({ url }) => url === "/c")).toHaveLength(2);
    expect(off.feedState?.problem).toBeNull();
  });

  test("has entries that nobody else changes; another address begins anew, none leaves them to you", async () => {
    files.set("/d", "example.com\n");
    const list = await fed("/d");
    await refresh(list);
    const params = { id: list.id };
    const add = () => client.ignoreLists.addEntries({ params, body: { entries: [{ value: "mine.example" }] } });
    await expect(add()).rejects.toMatchObject({ problem: { code: "CONFLICT", detail: expect.stringContaining("/d") } });
    const moved = await client.ignoreLists.update({ params, body: { feed: feedOf("/e") } });
    expect([moved.entryCount, moved.feedState]).toMatchObject([1, { fetchedAt: null, changedAt: null }]);
    files.set("/e", "example.com\n");
    await refresh(moved);
    expect(asked.at(-1)).toEqual({ url: "/e", tag: undefined });
    const freed = await client.ignoreLists.update({ params, body: { feed: null } });
    expect([freed.feed, freed.feedState, freed.entryCount]).toEqual([null, null, 1]);
    await add();
    await expect(refresh(list)).rejects.toMatchObject({ problem: { code: "CONFLICT" } });
    const bad = client.ignoreLists.update({ params, body: { feed: feedOf("ftp://host/list") } });
    await expect(bad).rejects.toMatchObject({ problem: { errors: [{ field: "body.feed.url" }] } });
  });
});
