import { type Batch, type BatchEvent, type BatchInput, batchItemsMax, type Client, type Source } from "@assay/contract";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTestBackend, type TestBackend, type TestUser } from "../../testing.ts";
import { startTestRunner, type TestRunner } from "../../testing-runner.ts";

let runner: TestRunner;
let backend: TestBackend;
let client: Client;
let headers: { authorization: string };
let judge: Source;
let gate: Source;
beforeAll(async () => {
  runner = await startTestRunner("javascript");
  const runners = { runners: { javascript: [runner.address] }, runnerToken: runner.token };
  backend = await startTestBackend({ ...runners, worker: true });
  headers = await backend.token();
  client = backend.client(headers);
  const provider = await client.providers.create({ body: { name: "Us" } });
  const source = (name: string, code: string): Promise<Source> =>
    client.sources.create({
      body: {
        ...{ name, code, providerId: provider.id, language: "JAVASCRIPT", exposure: "local", reliability: "A" },
        supportedIndicators: ["IPV4", "DOMAIN", "URL"],
        timeoutMs: 60_000,
      },
    });
  judge = await source(
    "Judge",
    `export const fetchData = ({ data }) => {
      if (data.includes("fails")) throw new Error("it fails");
      return { data, verdict: data.includes("evil") ? "malicious" : "benign", reasons: [] };
    };`,
  );
  gate = await source("Gate", "export const fetchData = () => new Promise(() => {});");
  await vi.waitFor(async () => expect((await client.runners.list()).items[0]?.state).toBe("serving"), 20_000);
});
afterAll(async () => {
  await backend.close();
  await runner.close();
});

const make = (input: Partial<BatchInput>, by = client): Promise<Batch> =>
  by.batches.create({ body: { sourceIds: [judge.id], ...input } as BatchInput });
const get = (id: string, by = client): Promise<Batch> => by.batches.get({ params: { id } });
const until = (id: string, status: Batch["status"]): Promise<Batch> =>
  vi.waitFor(
    async () => {
      const batch = await get(id);
      expect(batch.status).toBe(status);
      return batch;
    },
    { timeout: 30_000, interval: 50 },
  );
const items = async (id: string, query: object = {}) => (await client.batches.items({ params: { id }, query })).items;
const post = (body: object, extra: Record<string, string> = {}): Promise<Response> =>
  fetch(`${backend.url}/api/v1/batches`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json", ...extra },
    body: JSON.stringify(body),
  });
const person = async (user: TestUser): Promise<Client> => backend.client(await backend.signIn(user));
const hosts = (count: number): string[] => Array.from({ length: count }, (_, i) => `host-${i}.example.org`);

describe("a batch", () => {
  test("of mixed kinds runs to its end; each indicator is an ordinary lookup, counted once", async () => {
    const indicators = ["evil[.]com", "8.8.8.8", "https://fails.example.org/x", "8.8.8.8", "CVE-2024-3094", "junk"];
    const { id, input, kinds } = await make({ indicators, name: "Mixed" });
    expect([input, kinds]).toEqual([
      { found: 5, duplicates: 1, dropped: 1 },
      { DOMAIN: 1, IPV4: 1, URL: 1, CVE: 1 },
    ]);
    const ended = await until(id, "completed");
    expect(ended.counts).toEqual({ total: 4, ignored: 0, waiting: 0, running: 0, done: 3, failed: 1, incomplete: 0 });
    expect(ended.verdicts).toEqual({ malicious: 1, suspicious: 0, benign: 1, unknown: 2 });
    const all = await items(id);
    expect(all.map(({ data, state, verdict }) => [data, state, verdict])).toEqual([
      ["evil.com", "done", "malicious"],
      ["8.8.8.8", "done", "benign"],
      ["https://fails.example.org/x", "failed", "unknown"],
      ["CVE-2024-3094", "done", "unknown"],
    ]);
    const request = await client.requests.get({ params: { id: all[0]?.requestId ?? "" } });
    expect(request).toMatchObject({ batchId: id, callerClass: "bulk", data: "evil.com", status: "completed" });
    for (const [query, found] of [
      [{ verdict: "malicious" }, ["evil.com"]],
      [{ state: "failed" }, ["https://fails.example.org/x"]],
      [{ kind: "IPV4" }, ["8.8.8.8"]],
    ] as const)
      expect((await items(id, query)).map(({ data }) => data)).toEqual(found);
    const first = await client.batches.items({ params: { id }, query: { limit: 3 } });
    const second = await client.batches.items({ params: { id }, query: { cursor: first.nextCursor ?? "" } });
    expect([...first.items, ...second.items]).toEqual(all);
    await backend.db.prisma.request.deleteMany({ where: { batchId: id, data: { contains: "e" } } });
    expect((await items(id)).map(({ data, note, requestId }) => [data, note, requestId])).toEqual([
      ["evil.com", "Retention has deleted its lookup", null],
      ["8.8.8.8", null, all[1]?.requestId],
      ["https://fails.example.org/x", "No source could answer. Retention has deleted its lookup", null],
      ["CVE-2024-3094", null, all[3]?.requestId],
    ]);
  });

  test("leaves out what a known-good list for all sources holds, and says which", async () => {
    const list = await client.ignoreLists.create({ body: { name: "Our own", kind: "known_good", global: true } });
    const entries = [{ type: "hostname" as const, value: "ours.example.org" }];
    await client.ignoreLists.addEntries({ params: { id: list.id }, body: { entries } });
    const held = async () => (await client.ignoreLists.match({ body: { data: "ours.example.org" } })).matches.length;
    await expect.poll(held, { timeout: 10_000 }).toBe(1);
    const { id } = await make({ indicators: ["ours.example.org", "theirs.example.org"], start: false });
    const forecast = await client.batches.forecast({ params: { id } });
    expect(forecast).toMatchObject({ lookups: 1, ignored: 1, unasked: 0, seen: { count: 0 } });
    expect(forecast.sources.map(({ source, lookups }) => [source.slug, lookups])).toEqual([["judge", 1]]);
    await client.batches.start({ params: { id } });
    expect((await until(id, "completed")).counts).toMatchObject({ total: 2, ignored: 1, done: 1 });
    const [ours] = await items(id, { state: "ignored" });
    expect(ours).toMatchObject({
      note: "The ignore list Our own holds it by its entry ours.example.org",
      requestId: null,
    });
    const again = await make({ indicators: ["theirs.example.org"], start: false });
    expect((await client.batches.forecast({ params: { id: again.id } })).seen.count).toBe(1);
    await client.ignoreLists.delete({ params: { id: list.id } });
  });

  test("says what is wrong with what it is given", async () => {
    const problem = async (body: object) => (await (await post(body)).json()) as { errors?: { field: string }[] };
    const fieldOf = async (body: object) => (await problem(body)).errors?.[0]?.field;
    expect(await fieldOf({})).toBe("body.text");
    expect(await fieldOf({ text: "8.8.8.8", indicators: ["8.8.8.8"] })).toBe("body.text");
    expect(await fieldOf({ text: "nothing here" })).toBe("body.text");
    expect(await fieldOf({ indicators: ["nothing"] })).toBe("body.indicators");
    expect(await fieldOf({ indicators: ["8.8.8.8"], sourceIds: ["aaaaaaaaaaaa"] })).toBe("body.sourceIds[0]");
    expect(await fieldOf({ indicators: ["8.8.8.8"], tlp: "RED", visibility: "everyone" })).toBe("body.visibility");
    // Each of many thousand is wrong: the answer stays short.
    const wrong = await problem({ indicators: Array.from({ length: 50_000 }, () => ({ data: 7 })) });
    expect(wrong.errors?.length).toBe(100);
    expect((await post({ text: "x".repeat(17 * 1024 * 1024) })).status).toBe(413);
    const before = await backend.db.prisma.batch.count();
    const many = await problem({ indicators: Array.from({ length: batchItemsMax + 1 }, (_, i) => `${i}.example.org`) });
    expect(many.errors).toMatchObject([
      { field: "body.indicators", message: expect.stringContaining("100001 different indicators") },
    ]);
    // Nothing half is left.
    expect([
      await backend.db.prisma.batch.count(),
      await backend.db.prisma.batchItem.count({ where: { position: { gt: 1000 } } }),
    ]).toEqual([before, 0]);
  });

  test("is made once for one Idempotency-Key; the same key for something else is a conflict", async () => {
    const key = { "idempotency-key": "wave-1" };
    const body = { indicators: ["8.8.8.8"], start: false };
    const [first, second] = await Promise.all([post(body, key), post(body, key)]);
    expect([first.status, second.status].toSorted((a, b) => a - b)).toEqual([200, 201]);
    expect(((await second.json()) as Batch).id).toBe(((await first.json()) as Batch).id);
    expect((await post({ ...body, name: "Other" }, key)).status).toBe(409);
    expect((await post(body, { "idempotency-key": "no key" })).status).toBe(400);
    const lookUp = async (data: string) => {
      const response = await fetch(`${backend.url}/api/v1/requests?wait=20s`, {
        method: "POST",
        headers: { ...headers, ...key, "content-type": "application/json" },
        body: JSON.stringify({ data, sourceIds: [judge.id] }),
      });
      return [response.status, ((await response.json()) as { id?: string }).id];
    };
    const [status, id] = await lookUp("9.9.9.9");
    expect([status, await lookUp("9[.]9.9.9")]).toEqual([201, [201, id]]);
    expect((await lookUp("1.1.1.1"))[0]).toBe(409);
  });
});

test("many make batches at once, of long lists as of short ones, and nobody is sent away", async () => {
  const long = { indicators: hosts(1_000), start: false };
  const answers = await Promise.all(
    [...Array.from({ length: 8 }, () => ({ indicators: ["8.8.8.8"], start: false })), long, long, long, long].map(
      (body) => post(body),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
});

describe("somebody who runs a batch", () => {
  test("pauses it, goes on, and cancels it, with what is under way", async () => {
    await client.config.update({ body: { batchLookupsAtOnce: 4 } });
    const { id } = await make({ indicators: hosts(20), sourceIds: [gate.id], deadlineMs: 300_000 });
    await vi.waitFor(
      async () => expect(await backend.db.prisma.request.count({ where: { batchId: id } })).toBe(4),
      20_000,
    );
    expect((await client.batches.pause({ params: { id } })).status).toBe("paused");
    await expect(client.batches.pause({ params: { id } })).rejects.toMatchObject({ problem: { code: "CONFLICT" } });
    await expect(client.batches.delete({ params: { id } })).rejects.toMatchObject({
      problem: { code: "CONFLICT", detail: expect.stringContaining("The batch is paused, but lookups") },
    });
    const [running] = await backend.db.prisma.request.findMany({ where: { batchId: id } });
    await client.requests.cancel({ params: { id: running?.id ?? "" } });
    // Paused, nothing takes the place of the one that ended.
    await vi.waitFor(async () => expect((await get(id)).counts).toMatchObject({ failed: 1, running: 3 }), 20_000);
    expect(await backend.db.prisma.request.count({ where: { batchId: id } })).toBe(4);
    await client.batches.resume({ params: { id } });
    await vi.waitFor(
      async () => expect(await backend.db.prisma.request.count({ where: { batchId: id } })).toBe(5),
      20_000,
    );
    expect((await client.batches.cancel({ params: { id } })).status).toBe("cancelled");
    await vi.waitFor(
      async () => expect((await get(id)).counts).toMatchObject({ failed: 5, running: 0, waiting: 15 }),
      20_000,
    );
    const statuses = await backend.db.prisma.request.groupBy({ by: ["status"], where: { batchId: id }, _count: true });
    expect(statuses).toEqual([{ status: "cancelled", _count: 5 }]);
    await expect(client.batches.retry({ params: { id }, body: {} })).rejects.toMatchObject({
      problem: { code: "CONFLICT", detail: "A cancelled batch cannot be retried. Make a new one of it." },
    });
    await client.config.update({ body: { batchLookupsAtOnce: null } });
    const free = async () => (await backend.db.prisma.batch.findUnique({ where: { id } }))?.node;
    await expect.poll(free, { timeout: 20_000 }).toBeNull();
    await client.batches.delete({ params: { id } });
    expect(await backend.db.prisma.request.count({ where: { batchId: id } })).toBe(5);
  });

  test("has what failed looked up again, each under a lookup of its own, and what was answered left alone", async () => {
    const { id } = await make({ indicators: ["good.example.org", "fails.example.org"] });
    await until(id, "completed");
    const before = await items(id);
    await expect(
      make({ indicators: ["good.example.org"] }).then(async (good) => {
        await until(good.id, "completed");
        return client.batches.retry({ params: { id: good.id }, body: {} });
      }),
    ).rejects.toMatchObject({ problem: { code: "CONFLICT", detail: "Nothing of this batch has failed." } });
    const code = "export const fetchData = ({ data }) => ({ data, verdict: 'suspicious', reasons: [] });";
    await client.sources.update({ params: { id: judge.id }, body: { code } });
    const again = await client.batches.retry({ params: { id }, body: {} });
    expect(again.counts).toMatchObject({ waiting: 1, done: 1, failed: 0 });
    expect((await until(id, "completed")).verdicts).toEqual({ malicious: 0, suspicious: 1, benign: 1, unknown: 0 });
    const after = await items(id);
    expect(after[0]).toEqual(before[0]);
    expect(after[1]).toMatchObject({ state: "done", verdict: "suspicious" });
    expect(after[1]?.requestId).not.toBe(before[1]?.requestId);
    await client.sources.rollback({ params: { id: judge.id, versionId: judge.versionId } });
  });
});

describe("whoever watches a batch", () => {
  const open = (id: string, lastId?: string): Promise<Response> =>
    fetch(`${backend.url}/api/v1/batches/${id}/events`, {
      headers: { ...headers, ...(lastId === undefined ? {} : { "last-event-id": lastId }) },
    });
  const read = async (response: Response): Promise<{ id: string; event: BatchEvent }[]> => {
    const blocks = (await response.text()).split("\n\n").filter((block) => block.startsWith("id: "));
    return blocks.map((block) => ({
      id: /^id: (\d+)/.exec(block)?.[1] ?? "",
      event: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? "null") as BatchEvent,
    }));
  };

  test("who comes back in the middle is told what is newer, and of an open stream the head comes at once", async () => {
    const { id, revision } = await make({ indicators: hosts(2), start: false });
    // Both answer although nothing happens; only the one that has seen nothing is told how it stands.
    const [fresh, resumed] = await Promise.all([open(id), open(id, String(revision))]);
    const reader = fresh.body?.pipeThrough(new TextDecoderStream()).getReader();
    let first = "";
    while (!first.includes("event: ")) first += (await reader?.read())?.value ?? "";
    expect(first).toContain("event: progress");
    await client.batches.cancel({ params: { id } });
    expect((await read(resumed)).map(({ event }) => event.type)).toEqual(["end"]);
    await reader?.cancel();
  });

  test("sees the counters grow to the end; who comes back sees what is newer", async () => {
    const { id } = await make({ indicators: hosts(150) });
    const events = await read(await open(id));
    const done = events.map(({ event }) => event.batch.counts.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(events.at(-1)?.event).toMatchObject({ type: "end", batch: { status: "completed", counts: { done: 150 } } });
    const revisions = events.map((event) => Number(event.id));
    expect(new Set(revisions).size).toBe(revisions.length);
    // It has ended: there is nothing to miss, and the end is told again.
    expect((await read(await open(id, events.at(-1)?.id))).map(({ event }) => event.type)).toEqual(["end"]);
  });
});

const lookupsIn: Readonly<Record<string, (file: string) => number>> = {
  csv: (file) => file.trim().split("\r\n").length - 1,
  jsonl: (file) => file.trim().split("\n").length,
  markdown: (file) => file.split("\n").filter((line) => line.startsWith("## ")).length,
  misp: (file) => (JSON.parse(file) as { Event: { Attribute: unknown[] } }).Event.Attribute.length,
  stix: (file) => [...file.matchAll(/"type":\s*"domain-name"/g)].length,
  ecs: (file) => file.trim().split("\n").length,
};

describe("an export of a batch", () => {
  test.each(Object.keys(lookupsIn))(
    "as %s holds its lookups in its order, and those that pass a filter",
    async (format) => {
      const { id } = await make({ indicators: ["evil.example.net", "good.example.net"] });
      await until(id, "completed");
      const take = async (query = ""): Promise<string> =>
        (await fetch(`${backend.url}/api/v1/batches/${id}/export?format=${format}${query}`, { headers })).text();
      const whole = await take();
      expect(lookupsIn[format]?.(whole)).toBe(2);
      expect(whole.search(/evil/)).toBeLessThan(whole.search(/good/));
      expect(lookupsIn[format]?.(await take("&verdict=malicious"))).toBe(1);
    },
  );
});

test("a private batch is there for its owner and, told in the audit log, for administrators; under TLP:RED for its owner alone", async () => {
  const owner = await person(await backend.createUser(["analyst"]));
  const other = await person(await backend.createUser(["analyst"]));
  const closed = await make({ indicators: ["8.8.8.8"], visibility: "private", start: false, name: "Secret" }, owner);
  const red = await make({ indicators: ["8.8.8.8"], tlp: "RED", start: false }, owner);
  const open = await make({ indicators: ["8.8.8.8"], start: false }, owner);
  const seenBy = async (by: Client) => (await by.batches.list({ query: { limit: 3 } })).items.map(({ id }) => id);
  expect(await seenBy(owner)).toEqual([open.id, red.id, closed.id]);
  const seen = await seenBy(other);
  expect([seen.includes(open.id), seen.includes(closed.id), seen.includes(red.id)]).toEqual([true, false, false]);
  for (const [by, id] of [
    [other, closed.id],
    [other, red.id],
    [client, red.id],
  ] as const) {
    for (const name of ["get", "items", "dropped", "forecast", "cancel"] as const)
      await expect(by.batches[name]({ params: { id } })).rejects.toMatchObject({ problem: { code: "NOT_FOUND" } });
  }
  await expect(other.batches.cancel({ params: { id: open.id } })).rejects.toMatchObject({
    problem: { code: "FORBIDDEN" },
  });
  expect((await client.batches.cancel({ params: { id: closed.id } })).status).toBe("cancelled");
  const { items: told } = await client.events.list({ query: { objectId: closed.id } });
  expect(told.map(({ action }) => action).toSorted()).toEqual(["batch.cancel", "batch.create", "batch.read"]);
  expect(JSON.stringify(told)).not.toContain("Secret");
});

test("a token makes and sees no batch above its highest TLP", async () => {
  const user = await backend.createUser(["analyst"]);
  const own = await person(user);
  const { token } = await own.apiTokens.create({ body: { note: "bound", maxTlp: "GREEN" } });
  const bound = { authorization: `Bearer ${token}` };
  const forbidden = { problem: { code: "FORBIDDEN" } };
  await expect(make({ indicators: ["8.8.8.8"], tlp: "AMBER" }, backend.client(bound))).rejects.toMatchObject(forbidden);
  const amber = await make({ indicators: ["8.8.8.8"], tlp: "AMBER", start: false }, own);
  await expect(get(amber.id, backend.client(bound))).rejects.toMatchObject({ problem: { code: "NOT_FOUND" } });
  expect((await backend.client(bound).batches.list()).items).not.toContainEqual(
    expect.objectContaining({ id: amber.id }),
  );
});
