import { createLogger } from "@assay/process";
import { PgBoss } from "pg-boss";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Context, systemClock } from "../context.ts";
import { startTestBackend, type TestBackend } from "../testing.ts";
import { type Background, startBackground } from "./background.ts";
import type { Job } from "./jobs.ts";

let backend: TestBackend;
let boss: PgBoss;
beforeAll(async () => {
  backend = await startTestBackend({ worker: true });
  boss = await new PgBoss({ connectionString: backend.databaseUrl, supervise: false, schedule: false }).start();
});
afterAll(async () => {
  await boss.stop({ graceful: false });
  await backend.close();
});

function startWorker(job: Job): Promise<Background> {
  const log = createLogger({ name: "test", level: "error", format: "pretty" });
  const ctx: Context = {
    db: backend.db,
    clock: systemClock,
    log,
    actor: { type: "system" },
    origin: null,
    signal: AbortSignal.timeout(60_000),
  };
  return startBackground(backend.databaseUrl, [job], ctx);
}

test("sessions that have expired are deleted, the others stay", async () => {
  const headers = await backend.signIn();
  const expire = new Date(0);
  await backend.db.prisma.session.create({ data: { sid: "old", sess: { cookie: {} }, expire } });
  await boss.send("session.prune");
  const count = () => backend.db.prisma.session.count({ where: { sid: "old" } });
  await expect.poll(count, { timeout: 30_000 }).toBe(0);
  expect((await backend.client(headers).auth.me()).user.id).toBe(backend.admin.id);
});

test("several workers share the jobs; one that fails is tried again", async () => {
  const tries: string[] = [];
  const job = (worker: string): Job => ({
    name: "test.share",
    cron: "0 0 1 1 *",
    retries: 2,
    expireSeconds: 60,
    run: async () => {
      tries.push(worker);
      if (tries.length === 1) throw new TypeError("the first try fails on purpose");
    },
  });
  const workers = await Promise.all([startWorker(job("one")), startWorker(job("two"))]);
  const id = await boss.send("test.share");
  const state = async () => (await boss.findJobs("test.share", { id: id ?? "" }))[0]?.state;
  await expect.poll(state, { timeout: 40_000, interval: 200 }).toBe("completed");
  expect(tries).toHaveLength(2);
  await Promise.all(workers.map((worker) => worker.close()));
});

test("schedules that this version does not have are taken out", async () => {
  const names = async () => (await boss.getSchedules()).map(({ name }) => name).toSorted();
  const worker = await startWorker({
    name: "test.only",
    cron: "0 0 1 1 *",
    retries: 0,
    expireSeconds: 60,
    run: async () => undefined,
  });
  expect(await names()).toEqual(["test.only"]);
  await worker.close();
});
