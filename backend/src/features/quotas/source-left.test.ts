import type { CallerClass, QuotaWindow } from "@assay/contract";
import { expect, test } from "vitest";
import { testSource } from "../lookups/fixtures.ts";
import type { SecretUse } from "../secrets/secret-store.ts";
import { wishOf } from "./admission.ts";
import { subjectOfSecret } from "./rests.ts";
import { leftOf } from "./source-left.ts";

interface Key {
  readonly quota: readonly QuotaWindow[];
  /** What is left of each window; null: nobody knows. */
  readonly left: readonly number[] | null;
  readonly reservePercent?: number;
}

/** What is said to be left for a source with these secrets, slot by slot. */
function leftWith(pools: readonly (readonly Key[])[], callerClass: CallerClass = "interactive") {
  const slots = pools.map((_, at) => ({ name: `KEY_${at}`, hosts: ["example.org"], required: true, exposed: false }));
  const idOf = (pool: number, nth: number): string => `key-${pool}-${nth}`;
  const source = testSource("pooled", { secretSlots: slots });
  const choices = slots.map((slot, pool) => ({
    slot,
    secrets: (pools[pool] ?? []).map(({ quota, reservePercent = 0 }, nth) => ({
      ...{ id: idOf(pool, nth), name: "Key", hosts: ["example.org"], value: "x", quota, expiresAtMs: null },
      ...{ isQuotaOwn: false, quotaReservePercent: reservePercent, refused: false, restsUntilMs: 0, exposed: false },
    })),
  }));
  const use: SecretUse = {
    problems: () => [],
    choices: () => ({ slots: choices }),
    take: () => ({ values: [], secrets: [] }),
    isCurrent: () => true,
    note: () => undefined,
  };
  const entry = { source, use, callerClass, deadlineAtMs: 0, signal: new AbortController().signal };
  const known = new Map(
    pools.flatMap((pool, at) => pool.map(({ left }, nth) => [subjectOfSecret(idOf(at, nth)), left] as const)),
  );
  return leftOf(
    source,
    wishOf(entry, 1, 0, 0),
    ({ subject }) => known.get(subject)?.map((left) => ({ left, waitMs: left > 0 ? 0 : 1000 })) ?? null,
    callerClass,
  );
}

const day = { limit: 500, per: "day" };
const minute = { limit: 4, per: "minute" };

test.each<[string, Parameters<typeof leftWith>, object]>([
  [
    "one secret: its own",
    [[[{ quota: [day], left: [12] }]]],
    { left: 12, limit: 500, per: "day", secretId: "key-0-0" },
  ],
  [
    "a pool: what its secrets have left together",
    [[[500, 500, 100].map((left) => ({ quota: [day], left: [left] }))]],
    { left: 1100, limit: 1500, per: "day", secretId: null, waitMs: 0 },
  ],
  [
    "each of a pool in its own tightest window",
    [
      [
        [
          { quota: [minute, day], left: [4, 0] },
          { quota: [minute, day], left: [3, 500] },
        ],
      ],
    ],
    { left: 3, limit: 504, per: null, waitMs: 0 },
  ],
  [
    "one without a limit gives the pool none",
    [
      [
        [
          { quota: [day], left: [12] },
          { quota: [], left: [] },
        ],
      ],
    ],
    { left: null, limit: null, waitMs: 0 },
  ],
  [
    "what is kept for people, of each",
    [[[0, 1].map(() => ({ quota: [day], left: [300], reservePercent: 50 }))], "bulk"],
    { left: 100 },
  ],
  [
    "of several slots the one with the least",
    [[[{ quota: [day], left: [12] }], [{ quota: [minute], left: [4] }]]],
    { left: 4, per: "minute" },
  ],
  [
    "where nobody knows, that there is a limit",
    [[[{ quota: [], left: [] }], [{ quota: [day], left: null }]]],
    { left: null, limit: 500 },
  ],
  [
    "all spent: until the first is free",
    [[[0, 0].map((left) => ({ quota: [day], left: [left] }))]],
    { left: 0, waitMs: 1000 },
  ],
])("what is left is told of %s", (_, input, left) => {
  expect(leftWith(...input)).toMatchObject(left);
});
