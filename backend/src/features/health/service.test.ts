import type { RunnerStatus } from "@assay/contract";
import { createLogger } from "@assay/process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestBackend, type TestBackend } from "../../testing.ts";
import { createHealth } from "./service.ts";

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
});
afterAll(() => backend.close());

const log = createLogger({ name: "test", level: "error", format: "pretty" });
const serving = (language: RunnerStatus["language"], sandbox: RunnerStatus["sandbox"]): RunnerStatus => ({
  language,
  address: "127.0.0.1:1",
  state: "serving",
  sandbox,
  reason: null,
  since: "2026-01-01T00:00:00.000Z",
});
const readiness = (...statuses: RunnerStatus[]) => createHealth(backend.db, log, () => statuses).readiness();

test("all is ready when the database answers and a fenced runner of each language serves", async () => {
  const ready = await readiness(serving("JAVASCRIPT", "bubblewrap"), serving("PYTHON", "bubblewrap"));
  expect(ready).toMatchObject({
    status: "ready",
    dependencies: [{ up: true }, { up: true }, { up: true }, { up: true }],
  });
});

test("a runner without its whole fence serves, but never passes as ready", async () => {
  const ready = await readiness(serving("JAVASCRIPT", "landlock"), serving("PYTHON", "off"));
  expect(ready.status).toBe("degraded");
  expect(ready.dependencies.find(({ name }) => name === "Python runners")).toMatchObject({
    up: true,
    reason: expect.stringContaining("ASSAY_RUNNER_SANDBOX=off"),
  });
  expect(ready.dependencies.find(({ name }) => name === "JavaScript runners")).toMatchObject({
    up: true,
    reason: expect.stringMatching(/weaker fence .Landlock/),
  });
});
