import type { Client, DecisionInput, Problem, Source } from "@assay/contract";
import { createLogger } from "@assay/process";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestBackend } from "../../testing.ts";
import { type ServedBackend, startServedBackend } from "../../testing-served.ts";
import { openDecisionStore } from "./decision-store.ts";

let first: ServedBackend;
let second: TestBackend;
let client: Client;
let there: Client;
let source: Source;
beforeAll(async () => {
  first = await startServedBackend();
  second = await first.startBeside();
  client = first.client(await first.token());
  there = second.client(await first.token());
  const { id: providerId } = await client.providers.create({ body: { name: "Provider" } });
  const code = `export const fetchData = () => ({ data: {}, verdict: "malicious" });`;
  const kinds = { supportedIndicators: ["DOMAIN" as const], exposure: "local" as const };
  source = await client.sources.create({
    body: { name: "Accuser", providerId, language: "JAVASCRIPT", code, ...kinds },
  });
});
afterAll(async () => {
  await second.close();
  await first.close();
});

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
const decide = (data: string, changes: Partial<DecisionInput> = {}, through = client) =>
  through.decisions.create({ body: { data, verdict: "benign", reason: "Our own", expiresAt: inDays(90), ...changes } });
const ask = (data: string, through = client) => through.requests.execute({ query: { data } });
const refusal = (call: Promise<unknown>): Promise<Problem | null> =>
  call.then(
    () => null,
    (error: { problem: Problem }) => error.problem,
  );

test("a decision outweighs the sources from the moment that it is made, and explains itself; what was asked before stays as it was", async () => {
  const before = await ask("ours.example");
  const { id, createdAt, expiresAt, user, reason, verdict } = await decide("Ours[.]example");
  const lookup = await ask("ours.example");
  expect(before.verdict).toMatchObject({ rule: "R4", verdict: "suspicious", decision: null });
  expect(lookup.verdict).toMatchObject({
    ...{ rule: "R0", verdict: "benign", conflicts: [source.slug] },
    decision: { id, createdAt, expiresAt, user, reason, verdict },
  });
  expect([user.id, lookup.answers[0]?.verdict]).toEqual([first.admin.id, "malicious"]);
  await client.decisions.withdraw({ params: { id } });
  expect((await ask("ours.example")).verdict).toMatchObject({ rule: "R4", decision: null });
  for (const known of [before, lookup]) {
    expect(await client.requests.get({ params: { id: known.id } })).toEqual(known);
    expect(await there.requests.get({ params: { id: known.id } })).toEqual(known);
  }
});

test("the events of a lookup stay the same whatever is decided or set later", async () => {
  const { id } = await decide("events.example");
  const lookup = await ask("events.example");
  const events = async () =>
    (await fetch(`${first.url}/api/v1/requests/${lookup.id}/events`, { headers: await first.token() })).text();
  const told = await events();
  await client.decisions.withdraw({ params: { id } });
  await client.config.update({ body: { domainFreshDays: 1 } });
  expect(await events()).toBe(told);
  await client.config.update({ body: { domainFreshDays: null } });
  expect(told).toContain(`"rule":"R0"`);
});

test("another node weighs it in within a second, and forgets it as fast", async () => {
  const soon = { timeout: 1000, interval: 20 };
  const rule = async () => (await ask("nodes.example", there)).verdict.rule;
  const { id } = await decide("nodes.example");
  await expect.poll(rule, soon).toBe("R0");
  await client.decisions.withdraw({ params: { id } });
  await expect.poll(rule, soon).toBe("R4");
});

test("a later decision replaces the earlier one, which stays as history; one of another kind of indicator does not", async () => {
  const data = "replaced.example";
  const [old, other] = [await decide(data), await decide(`https://${data}/`)];
  const now = await decide(data, { verdict: "malicious", reason: "It was sold" });
  const { items } = await client.decisions.list({ query: { data } });
  expect(items.map(({ id, status }) => [id, status])).toEqual([
    [now.id, "in_force"],
    [old.id, "replaced"],
  ]);
  expect(items[1]?.ended).toMatchObject({ user: { id: first.admin.id }, replacedById: now.id });
  expect((await ask(data)).verdict.decision?.id).toBe(now.id);
  expect(await client.decisions.get({ params: { id: other.id } })).toMatchObject({ status: "in_force" });
  const changes = [
    client.decisions.update({ params: { id: old.id }, body: { reason: "x" } }),
    client.decisions.withdraw({ params: { id: old.id } }),
  ];
  expect((await Promise.all(changes.map(refusal))).map((problem) => problem?.code)).toEqual(["CONFLICT", "CONFLICT"]);
});

test("of many decisions at once about one indicator, on two nodes, one is in force, and both nodes hold that one", async () => {
  const data = "at-once.example";
  const made = await Promise.all([...Array(16).keys()].map((n) => decide(data, {}, n % 2 === 0 ? client : there)));
  const { items } = await client.decisions.list({ query: { data } });
  expect(items.length).toBe(made.length);
  const inForce = items.filter(({ status }) => status === "in_force");
  expect(inForce.length).toBe(1);
  for (const node of [client, there])
    await expect.poll(async () => (await ask(data, node)).verdict.decision?.id).toBe(inForce[0]?.id);
});

test("a decision ends by itself when it expires, and cannot be changed any more", async () => {
  const data = "expired.example";
  const { id } = await decide(data);
  let now = new Date();
  const log = createLogger({ name: "test", level: "error", format: "pretty" });
  const store = await openDecisionStore(first.db, { now: () => now }, log);
  expect(store.about("DOMAIN", data)?.id).toBe(id);
  now = new Date(inDays(91));
  expect(store.about("DOMAIN", data)).toBeNull();

  await first.db.pool.query("UPDATE decisions SET expires_at = now() - interval '1 day' WHERE id = $1", [id]);
  await first.backend.decisions.reload(id);
  expect((await ask(data)).verdict.decision).toBeNull();
  expect((await client.decisions.indicator({ query: { data } })).decision).toBeNull();
  expect((await client.decisions.get({ params: { id } })).status).toBe("expired");
  const extended = client.decisions.update({ params: { id }, body: { expiresAt: inDays(1) } });
  expect((await refusal(extended))?.code).toBe("CONFLICT");
  await decide(data);
  const { items } = await client.decisions.list({ query: { data, status: "expired" } });
  expect(items.map((item) => item.id)).toEqual([id]);
});

test("a change of the reason or the expiry holds for lookups from then on", async () => {
  const { id } = await decide("changed.example");
  const lookup = await ask("changed.example");
  await client.decisions.update({ params: { id }, body: { reason: "Ours since May", expiresAt: null } });
  expect((await ask("changed.example")).verdict.decision).toMatchObject({ reason: "Ours since May", expiresAt: null });
  expect((await client.requests.get({ params: { id: lookup.id } })).verdict.decision?.reason).toBe("Our own");
});

test("a change by another person is a decision of their own, by name or else e-mail address, and the first stays as it was said", async () => {
  const data = "changed-by-another.example";
  const old = await decide(data, { reason: "Our own" });
  const analyst = await first.createUser(["analyst"]);
  await first.db.prisma.user.update({ where: { id: analyst.id }, data: { name: "" } });
  const other = first.client(await first.signIn(analyst));
  const params = { id: old.id };
  const same = await other.decisions.update({ params, body: { reason: "Our own" } });
  expect([same.id, same.user]).toEqual([old.id, old.user]);
  const now = await other.decisions.update({ params, body: { reason: "Stolen" } });
  expect(now).toMatchObject({
    ...{ verdict: old.verdict, reason: "Stolen", expiresAt: old.expiresAt, status: "in_force" },
    user: { id: analyst.id, name: analyst.email },
  });
  expect(await client.decisions.get({ params })).toMatchObject({
    ...{ reason: "Our own", user: old.user, status: "replaced" },
    ended: { replacedById: now.id, user: { id: analyst.id, name: analyst.email } },
  });
  expect((await ask(data)).verdict.text).toContain(`Decided by ${analyst.email} on `);
  expect((await refusal(other.decisions.update({ params, body: { reason: "x" } })))?.code).toBe("CONFLICT");
  const own = await other.decisions.update({ params: { id: now.id }, body: { expiresAt: null } });
  expect(own).toMatchObject({ id: now.id, expiresAt: null });
});

test("what cannot be decided is refused with the field and what to do", async () => {
  const problems = await Promise.all(
    [decide("8.8.8"), decide("x.example", { expiresAt: inDays(-1) }), decide("x.example", { reason: " " })].map(
      refusal,
    ),
  );
  expect(problems.map((problem) => [problem?.code, problem?.errors?.[0]?.field])).toEqual([
    ["INVALID_INDICATOR", "body.data"],
    ["VALIDATION_FAILED", "body.expiresAt"],
    ["VALIDATION_FAILED", "body.reason"],
  ]);
  expect((await refusal(client.decisions.indicator({ query: { data: "8.8.8" } })))?.errors?.[0]?.field).toBe(
    "query.data",
  );
  expect((await client.decisions.list({ query: { data: "x.example" } })).items).toEqual([]);
});

test("decisions are found by their beginning, word, standing and who made them, page by page", async () => {
  const analyst = await first.createUser(["analyst"]);
  const own = first.client(await first.token({ user: analyst, scopes: ["decisions:read", "decisions:write"] }));
  const made = [];
  for (const n of [1, 2, 3, 4, 5]) made.push(await decide(`paged-${n}.example`, { verdict: "suspicious" }, own));
  await own.decisions.withdraw({ params: { id: made[0]?.id ?? "" } });
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { prefix: "Paged-", userId: analyst.id, verdict: "suspicious" as const, limit: 2 };
    const page = await client.decisions.list({ query: { ...query, ...(cursor ? { cursor } : {}) } });
    found.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(found).toEqual(made.map(({ id }) => id).toReversed());
  const withdrawn = await client.decisions.list({
    query: { prefix: "paged-", status: "withdrawn" },
  });
  expect(withdrawn.items.map(({ id }) => id)).toEqual([made[0]?.id]);
});

test("every decision is recorded with what it changes", async () => {
  const { id } = await decide("recorded.example");
  const { id: next } = await decide("recorded.example", { verdict: "malicious" });
  await client.decisions.withdraw({ params: { id: next } });
  const { items } = await client.events.list({ query: { objectType: "decision" } });
  const told = items.filter(({ object }) => object.id === id || object.id === next);
  expect(told.map(({ action }) => action)).toEqual(["decision.withdraw", "decision.create", "decision.create"]);
  expect(told[1]?.changes).toContainEqual({ field: "verdict", before: "benign", after: "malicious" });
  expect(told[0]).toMatchObject({
    object: { name: "recorded.example" },
    changes: [{ field: "endedAt", before: null }],
  });
});

test("a decision tells nothing of a private lookup: nothing of the lookup is in it", async () => {
  const body = { data: "private.example", tlp: "RED" as const };
  const lookup = await client.requests.create({ query: { wait: "20s" }, body });
  const made = await decide("private.example");
  expect(JSON.stringify(made)).not.toContain(lookup.id);
  const viewer = await first.createUser(["viewer"]);
  const other = first.client(await first.token({ user: viewer, scopes: ["decisions:read", "requests:read"] }));
  expect(await other.decisions.get({ params: { id: made.id } })).toEqual(made);
  expect((await other.requests.list({ query: { data: "private.example" } })).items).toEqual([]);
});
