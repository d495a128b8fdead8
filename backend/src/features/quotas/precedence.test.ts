import type { CallerClass } from "@assay/contract";
import { createLogger } from "@assay/process";
import { expect, test } from "vitest";
import { testSource } from "../lookups/fixtures.ts";
import type { PlannableSource } from "../lookups/plannable.ts";
import type { SecretUse } from "../secrets/secret-store.ts";
import type { Admission } from "./admission.ts";
import { createMemoryCounter } from "./memory-counter.ts";
import { createQuotas } from "./quotas.ts";

const slot = { name: "KEY", hosts: ["example.org"], required: true, exposed: false };
/** By source, the keys that fill its slot. */
type Pools = Readonly<Record<string, readonly string[]>>;

function useOf(pools: Pools): SecretUse {
  return {
    problems: () => [],
    choices: ({ snapshot }) => ({
      slots: [
        {
          slot,
          secrets: (pools[snapshot.id] ?? []).map((id) => ({
            ...{ id, name: id, hosts: slot.hosts, value: "x", expiresAtMs: null, refused: false, restsUntilMs: 0 },
            ...{ isQuotaOwn: false, exposed: false, quota: [{ limit: 1, per: "minute" }], quotaReservePercent: 0 },
          })),
        },
      ],
    }),
    take: (_, chosen) => ({ values: [], secrets: chosen.map(({ id }) => ({ id, valueSetAtMs: 0 })) }),
    isCurrent: () => true,
    note: () => undefined,
  };
}

const source = (slug: string, waitMs: number, enabled = true): PlannableSource =>
  testSource(slug, {
    secretSlots: [slot],
    limits: { enabled, quota: [], reservePercent: 0, callsPerLookup: 1, waitMs, isKept: true },
  });
const [patient, hasty, counting] = [source("patient", 300_000), source("hasty", 0), source("counting", 0, false)];

/** Quotas by a clock that stands. */
function quotasWith(pools: Pools) {
  const atMs = Date.parse("2026-01-01T00:00:00.000Z");
  const clock = { now: () => new Date(atMs) };
  const counter = createMemoryCounter({ clock });
  const granted: Admission[] = [];
  const quotas = createQuotas({
    counter,
    rests: {
      untilMs: () => 0,
      rest: () => undefined,
      lift: async () => undefined,
      written: async () => undefined,
      reload: async () => undefined,
      onLift: () => undefined,
      close: async () => undefined,
    },
    counted: "this_node",
    metrics: { refused: () => undefined, waited: () => undefined },
    clock,
    log: createLogger({ name: "test", level: "error", format: "pretty" }),
  });
  const use = useOf(pools);
  return {
    /** Gives all back that was granted, behind the back of the quotas. */
    free: () =>
      counter.settle(
        granted.splice(0).flatMap((each) => each.quotas.map((quota) => ({ ...quota, used: 0, told: [] }))),
      ),
    /** What came of asking: the keys that it got, or why none. */
    async ask(asked: PlannableSource, callerClass: CallerClass): Promise<{ outcome: Promise<unknown> }> {
      const deadlineAtMs = atMs + (asked.limits.waitMs || 1000);
      const asking = { callerClass, deadlineAtMs, signal: new AbortController().signal };
      const [ticket] = await quotas.admit([asked], asking, use);
      const told = Promise.resolve(ticket?.outcome).then((outcome) => {
        if (!outcome) return null;
        if ("refusal" in outcome) return outcome.refusal.because;
        granted.push(outcome.admission);
        return outcome.admission.taken.secrets.map(({ id }) => id);
      });
      return { outcome: told };
    },
  };
}

test.each<[CallerClass, CallerClass]>([
  ["interactive", "bulk"],
  ["bulk", "bulk"],
])("a freed call goes to %s that waits, not to %s that comes later and does not wait", async (first, second) => {
  const { ask, free } = quotasWith({ [patient.snapshot.id]: ["key"], [hasty.snapshot.id]: ["key"] });
  expect(await (await ask(hasty, "api")).outcome).toEqual(["key"]);
  const waiting = await ask(patient, first);
  // Another node gives it back, which this one does not hear of.
  await free();
  const late = await ask(hasty, second);
  expect(await waiting.outcome).toEqual(["key"]);
  expect(await late.outcome).toBe("spent");
});

test("whoever comes before has it at once, and one that waits for a key holds nobody from another", async () => {
  const pools = {
    [patient.snapshot.id]: ["key"],
    [hasty.snapshot.id]: ["key", "other"],
    [counting.snapshot.id]: ["key"],
  };
  const { ask, free } = quotasWith(pools);
  expect(await (await ask(hasty, "api")).outcome).toEqual(["key"]);
  const waiting = await ask(patient, "api");
  expect(await (await ask(hasty, "bulk")).outcome).toEqual(["other"]);
  expect(await (await ask(counting, "bulk")).outcome).toEqual(["key"]);
  await free();
  expect(await (await ask(hasty, "interactive")).outcome).toEqual(["key"]);
  expect(await (await ask(hasty, "bulk")).outcome).toEqual(["other"]);
  await free();
  expect(await (await ask(hasty, "bulk")).outcome).toEqual(["other"]);
  expect(await waiting.outcome).toEqual(["key"]);
  expect(await (await ask(hasty, "bulk")).outcome).toBe("spent");
});
