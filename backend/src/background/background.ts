import { SpanStatusCode, trace } from "@opentelemetry/api";
import { PgBoss } from "pg-boss";
import type { Context } from "../context.ts";
import type { Job } from "./jobs.ts";

export interface Background {
  /** Takes no more jobs and waits for those under way. */
  close(): Promise<void>;
}

const pollingSeconds = 5;
const closeTimeoutMs = 8_000;
const finishedKeptSeconds = 24 * 60 * 60;
const tracer = trace.getTracer("assay/background");

/**
 * Works on the jobs, together with every other process that does so on this database. Holds two connections of its own.
 * Jobs are lost neither with this process nor while the database is away.
 */
export async function startBackground(url: string, jobs: readonly Job[], ctx: Context): Promise<Background> {
  const boss = new PgBoss({ connectionString: url, max: 2, application_name: "assay-background" });
  boss.on("error", (err) => ctx.log.warn({ err }, "background work cannot reach the database"));
  boss.on("warning", (warning) => ctx.log.debug({ warning }, "background work has a warning"));
  await boss.start();
  for (const job of jobs) {
    const queue = {
      retryLimit: job.retries,
      expireInSeconds: job.expireSeconds,
      deleteAfterSeconds: finishedKeptSeconds,
    };
    await boss.createQueue(job.name, { ...queue, policy: "exclusive" });
    await boss.updateQueue(job.name, { ...queue, heartbeatSeconds: job.heartbeatSeconds ?? null });
    await boss.schedule(job.name, job.cron, null, { tz: "UTC" });
    await boss.work(job.name, { pollingIntervalSeconds: pollingSeconds }, ([taken]) =>
      runJob(job, taken ? { ...ctx, signal: AbortSignal.any([ctx.signal, taken.signal]) } : ctx),
    );
  }
  const names = new Set(jobs.map(({ name }) => name));
  for (const { name } of await boss.getSchedules()) if (!names.has(name)) await boss.unschedule(name);
  return { close: () => boss.stop({ graceful: true, timeout: closeTimeoutMs }) };
}

function runJob(job: Job, ctx: Context): Promise<void> {
  return tracer.startActiveSpan(`job ${job.name}`, async (span) => {
    try {
      await job.run(ctx);
    } catch (err) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      ctx.log.error({ err, job: job.name }, "a background job failed");
      throw err;
    } finally {
      span.end();
    }
  });
}
