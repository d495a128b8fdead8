import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { source, type Attack } from "./attack.ts";
import { attacks } from "./attacks.ts";
import { openHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
  await harness.run({ code: canary, sourceId: "canary" });
});
afterAll(async () => {
  await harness.close();
  expect(harness.processes()).toEqual([]);
});

const canary = source("return os.listdir('/tmp')", "import os");

/** Lets a source behave until it is told to attack, so that the same version can be asked before and after. */
function armed({ code }: Attack): string {
  return `${code}\n_attack = globals().get("fetch_data")\ndef fetch_data(indicator, context):\n    import os\n    if context.config.get("isCalm"): return os.listdir("/tmp")\n    return _attack(indicator, context)\n`;
}

afterEach(async ({ task }) => {
  harness.executor.forget(task.name.split(" ")[0] ?? "");
  // What is left is the canary's: its fence, its interpreter, spare children.
  await vi.waitFor(() => expect(harness.processes().length).toBeLessThanOrEqual(6), { timeout: 20_000 });
});

test.each(attacks)("$id $attack", async (attack) => {
  const { expect: wanted, timeoutMs = 2000 } = attack;
  const loads = !attack.id.startsWith("Y33");
  const code = loads ? armed(attack) : attack.code;
  const lines: string[] = [];
  const [outcome, calm] = await Promise.all([
    harness.run({ code, sourceId: attack.id, timeoutMs, onLog: (_, text) => lines.push(text) }),
    harness.run({ code: canary, sourceId: "canary", timeoutMs: 20_000 }),
  ]);

  if (wanted.outcome === "returned") {
    expect(outcome).toMatchObject({ kind: "returned" });
    const json: unknown = JSON.parse(outcome.kind === "returned" ? outcome.json : "");
    if (typeof wanted.json === "object" && !Array.isArray(wanted.json))
      expect(json).toMatchObject(wanted.json as object);
    else if (wanted.json !== undefined) expect(json).toEqual(wanted.json);
  } else {
    expect(outcome).toMatchObject({ kind: "failed", problem: { code: wanted.code } });
    const problem = outcome.kind === "failed" ? outcome.problem : undefined;
    if (wanted.limit !== undefined) expect(problem?.limit).toBe(wanted.limit);
    if (wanted.message !== undefined) expect(problem?.message).toMatch(wanted.message);
    expect(problem?.message.length).toBeLessThanOrEqual(2000);
    expect(problem?.message).not.toContain(import.meta.dirname);
  }
  expect(lines.length).toBeLessThanOrEqual(200);
  // Another source that runs at the same time is not touched.
  expect(calm).toEqual({ kind: "returned", json: "[]" });
  // The next call of the same source succeeds and finds nothing of the last one.
  if (loads)
    expect(await harness.run({ code, sourceId: attack.id, config: { isCalm: true } })).toEqual({
      kind: "returned",
      json: "[]",
    });
});
