import type { Request } from "@assay/contract";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { family, find, processes } from "./processes.ts";
import { addSource, answersAfter } from "./sources.ts";
import { readEvents } from "./sse.ts";
import { type Stack, startStack } from "./stack.ts";

let stack: Stack;
let sourceIds: string[];
beforeAll(async () => {
  stack = await startStack();
  const javascript = await addSource(stack.client, "JAVASCRIPT", "Slow JavaScript", answersAfter.JAVASCRIPT(400));
  const python = await addSource(stack.client, "PYTHON", "Slow Python", answersAfter.PYTHON(400));
  sourceIds = [javascript.id, python.id];
  await lookUp();
});
afterAll(() => stack.close());

const launcher = (): number => stack.process.pid ?? 0;
const lookUp = (): Promise<Request> =>
  stack.client.requests.create({ body: { data: "192.0.2.1", sourceIds }, query: { wait: "60s" } });
const allAnswered = (request: Request): boolean =>
  request.status === "completed" && request.answers.every((answer) => answer.outcome === "ok");

/** Starts lookups, kills a process while they are under way, and returns how each of them ended. */
async function killInMidLookup(victim: () => number): Promise<Request[]> {
  const started = await Promise.all(
    Array.from({ length: 20 }, () => stack.client.requests.create({ body: { data: "192.0.2.1", sourceIds } })),
  );
  process.kill(victim(), "SIGKILL");
  return vi.waitFor(
    async () => {
      const now = await Promise.all(started.map(({ id }) => stack.client.requests.get({ params: { id } })));
      expect(now.map((request) => request.status)).not.toContain("running");
      return now;
    },
    { timeout: 60_000, interval: 200 },
  );
}

/** Every lookup ends, each with one answer per source; and the next one is well, without a person having done anything. */
async function expectHealed(ended: readonly Request[]): Promise<void> {
  for (const request of ended) {
    expect(request.answers.map((answer) => answer.source.id).toSorted()).toEqual(sourceIds.toSorted());
  }
  await vi.waitFor(async () => expect(allAnswered(await lookUp())).toBe(true), { timeout: 60_000, interval: 200 });
}

test.each([
  ["a JavaScript host", "host.js"],
  ["a Python sandbox", "zygote.py"],
  ["the JavaScript runner", "runners/javascript/src/main.ts"],
  ["the Python runner", "runners/python/src/main.ts"],
])("kill -9 of %s in mid-lookup: every lookup ends with all its answers", async (_, command) => {
  const ended = await killInMidLookup(() => find(launcher(), command).pid);
  await expectHealed(ended);
  expect(
    ended.filter(allAnswered).length,
    JSON.stringify(ended.flatMap((request) => request.answers.flatMap((answer) => answer.problems))),
  ).toBe(ended.length);
});

test("kill -9 of the backend in mid-lookup: the next life of it ends the lookups, asking only what is still out", async () => {
  const ended = await killInMidLookup(() => find(launcher(), "backend/src/main.ts").pid);
  await expectHealed(ended);
  expect(ended.filter(allAnswered).length).toBe(ended.length);
});

test("kill -9 of PostgreSQL in mid-lookup: 503 while it is away, and nothing that was accepted is lost", async () => {
  const ended = await killInMidLookup(() => find(launcher(), "postgres -D").pid);
  await expectHealed(ended);
  expect(ended.filter(allAnswered).length).toBe(ended.length);
});

test("a watcher whose backend died comes back with its last event and misses nothing", async () => {
  const headers = {
    authorization: `Basic ${Buffer.from(`${stack.adminEmail}:${stack.adminPassword}`).toString("base64")}`,
  };
  const { id } = await stack.client.requests.create({ body: { data: "192.0.2.2", sourceIds } });
  const url = `${stack.url}/api/v1/requests/${id}/events`;
  const before = await readEvents(url, headers, (events) => events.length > 0);
  process.kill(find(launcher(), "backend/src/main.ts").pid, "SIGKILL");
  const resume = { ...headers, "last-event-id": before.at(-1)?.id ?? "" };
  const after = await vi.waitFor(() => readEvents(url, resume), { timeout: 60_000, interval: 200 });
  expect([...before, ...after]).toEqual(await readEvents(url, headers));
  expect(after.at(-1)?.event.type).toBe("fetching_end");
});

test.each(["SIGTERM", "SIGKILL"] as const)("%s to the launcher leaves no process behind", async (signal) => {
  const other = await startStack();
  const before = family(other.process.pid ?? 0);
  expect(before.length).toBeGreaterThan(6);
  // Nobody reads what it says on the way out.
  for (const output of [other.process.stdout, other.process.stderr]) output?.destroy();
  other.process.kill(signal);
  await vi.waitFor(
    () => {
      const alive = new Set(processes().map(({ pid }) => pid));
      expect(before.filter(({ pid }) => alive.has(pid)).map(({ command }) => command)).toEqual([]);
    },
    { timeout: 30_000, interval: 100 },
  );
  await other.close();
});
