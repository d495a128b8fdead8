import type { SecretSlot } from "@assay/contract";
import { expect, test } from "vitest";
import { type Candidate, secretProblems, standingOf } from "./slot-standing.ts";

const nowMs = 1_000_000;
const slot: SecretSlot = { name: "KEY", hosts: ["api.example.org"], required: true, exposed: false };
const secret = (id: string, changes: Partial<Candidate> = {}): Candidate => ({
  id,
  hosts: ["*.example.org"],
  expiresAtMs: null,
  value: "v",
  refused: false,
  restsUntilMs: 0,
  exposed: false,
  ...changes,
});
const stand = (candidates: Candidate[], changes: Partial<SecretSlot> = {}, hosts = ["api.example.org"]) =>
  standingOf({ ...slot, ...changes }, hosts, candidates, nowMs);
const ids = (standing: ReturnType<typeof stand>) => standing.state === "ready" && standing.usable.map(({ id }) => id);

test("of a slot's secrets those are used that are valid, may go where they have to, and do not rest", () => {
  const pool = [
    secret("expired", { expiresAtMs: nowMs }),
    secret("a", { expiresAtMs: nowMs + 1 }),
    secret("unreadable", { value: null }),
    secret("elsewhere", { hosts: ["api.example.com"] }),
    secret("resting", { restsUntilMs: nowMs + 1 }),
    secret("refused", { refused: true }),
    secret("b"),
  ];
  expect(ids(stand(pool))).toEqual(["a", "b"]);
  expect(ids(stand(pool.slice(4, 6)))).toEqual(["refused"]);
  expect(stand(pool.slice(4, 5))).toEqual({ state: "resting", untilMs: nowMs + 1 });
  expect(stand([])).toEqual({ state: "empty" });
});

test.each([
  ["expired", [secret("a", { expiresAtMs: 1 })], {}, undefined, /expired/],
  ["under a key that is not there", [secret("a", { value: null })], {}, undefined, /cannot be decrypted/],
  ["for other hosts than the slot", [secret("a", { hosts: ["x.test"] })], {}, undefined, /may not be sent/],
  ["for other hosts than the source", [secret("a")], {}, ["other.test"], /may not be sent/],
  ["assigned before the slot was exposed", [secret("a")], { exposed: true }, undefined, /assign it again/],
])("a slot whose secret is %s is of no use and says why", (_, candidates, changes, hosts, because) => {
  expect(stand(candidates, changes, hosts)).toEqual({ state: "unusable", because: expect.stringMatching(because) });
});

test("a source that lacks secrets is skipped with every slot and reason, one whose keys all rest until the first is back", () => {
  const standings = [
    { slot, standing: stand([]) },
    { slot: { ...slot, name: "OLD" }, standing: stand([secret("a", { expiresAtMs: 1 })]) },
    { slot: { ...slot, name: "OPTIONAL", required: false }, standing: stand([]) },
    {
      slot: { ...slot, name: "BUSY" },
      standing: stand([secret("a", { restsUntilMs: nowMs + 9000 }), secret("b", { restsUntilMs: nowMs + 5000 })]),
    },
  ];
  expect(secretProblems("Example", standings, nowMs)).toEqual([
    {
      code: "MISSING_SECRET",
      message: "Example needs a secret: KEY (no secret is assigned to it), OLD (its secret has expired)",
      slots: ["KEY", "OLD"],
    },
    {
      code: "BUDGET",
      message: expect.stringContaining("1970-01-01T00:16:45.000Z"),
      slots: ["BUSY"],
      retryAfterMs: 5000,
    },
  ]);
  expect(secretProblems("Example", [{ slot, standing: stand([secret("a")]) }], nowMs)).toEqual([]);
});
