import { expect, test, vi } from "vitest";
import { createFlights } from "./flights.ts";
import { frameKind } from "./frames.ts";
import { pythonLimits } from "./python-limits.ts";
import { unitOf } from "./testing-sandbox.ts";

const timedOut = { kind: "failed", problem: { code: "TIMEOUT" } };

/** A call that runs past its deadline in a sandbox that says nothing more. */
function overdue(isLow: boolean) {
  const killSandbox = vi.fn<() => void>();
  const flights = createFlights({
    limits: { ...pythonLimits, stopGraceMs: 1, lowStopGraceMs: 2 ** 31 - 1 },
    ...{ send() {}, diagnostics: Promise.resolve([]), killSandbox, isLow: () => isLow, onEmpty() {} },
  });
  const ended = flights.start({
    ...{ unit: unitOf("", "s"), inputJson: "{}", timeoutMs: 1, signal: new AbortController().signal },
    ...{ onEgress: async () => "", onLog() {} },
  });
  flights.hear({ kind: frameKind.started, call: 1, payload: Buffer.alloc(0) });
  return { flights, killSandbox, ended };
}

test("a sandbox that does not stop a call in time is killed", async () => {
  const { flights, killSandbox, ended } = overdue(false);
  await vi.waitFor(() => expect(killSandbox).toHaveBeenCalledTimes(1));
  flights.end();
  expect(await ended).toMatchObject(timedOut);
});

test("one that runs behind others gets longer, while the answer is given as ever", async () => {
  const { flights, killSandbox, ended } = overdue(true);
  expect(await ended).toMatchObject(timedOut);
  expect(killSandbox).not.toHaveBeenCalled();
  expect(flights.count()).toBe(1);
  flights.end();
  expect(flights.count()).toBe(0);
});
