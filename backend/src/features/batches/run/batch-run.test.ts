import { createLogger } from "@assay/process";
import { expect, test } from "vitest";
import { type BatchRunTools, runBatch } from "./batch-run.ts";
import type { ClaimedBatch } from "./run-queries.ts";

test("a step that fails again and again is told at first, and then once a minute", async () => {
  let [queries, nowMs] = [0, Date.now()];
  const errors: unknown[] = [];
  const log = createLogger({ name: "test", level: "error", format: "pretty" });
  const tools = {
    pool: { query: () => (queries++, Promise.reject(new Error("no such column"))) },
    log: Object.create(log, { error: { value: (entry: object) => errors.push(entry) } }),
    clock: { now: () => new Date(nowMs) },
    node: "one",
    mayStartOne: () => true,
  } as unknown as BatchRunTools;
  const batch = { id: "broken000000", status: "running", claimed: 0, total: 1, source_ids: [] as string[] };
  const run = runBatch({ ...batch, former: null, node: "one" } as unknown as ClaimedBatch, tools);
  await expect.poll(() => queries, { timeout: 20_000 }).toBeGreaterThan(2);
  expect(errors).toEqual([expect.objectContaining({ batch: batch.id })]);
  nowMs += 60_000;
  await expect.poll(() => errors.length, { timeout: 20_000 }).toBe(2);
  run.stop();
  await run.done;
});
