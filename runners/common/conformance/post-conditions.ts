import type { Answer } from "@assay/proto";
import { vi } from "vitest";
import { sandboxLimits } from "../src/executor.ts";
import type { ConformanceCase } from "./conformance-case.ts";
import type { RunnerUnderTest } from "./runner-under-test.ts";
import { isDeepStrictEqual } from "node:util";

/** Places of the host, frames of the sandbox: they must never be in an answer. */
const hostPlace =
  /\/(?:work|runner|root|home|usr|tmp|proc)\/|node_modules|node:internal|isolated-vm|assay:boot|assay_sandbox/;
/** Resident memory that the runner may have more than before the first attack: its heap, which is limited to 128 MB, once full. */
const runnerGrowthBytesMax = 160 * 1024 ** 2;
const settleWithinMs = 30_000;

/** The word for how a call ended: the outcome, or the code of its problem. */
export const wordOf = ({ outcome, problem }: Answer): string =>
  outcome === "failed" ? (problem?.code ?? "none") : outcome;

function readResult(json: string, ignored: readonly string[]): unknown {
  return JSON.parse(json, (key, value: unknown) => (ignored.includes(key) ? undefined : value));
}

/** P1 and P5: what is wrong with the answer to an attack. */
export function answerFaults(answer: Answer, attack: ConformanceCase, secrets: readonly string[]): string[] {
  const { expected, result, ignored = [], message, limit, log } = attack;
  const { problem, resultJson, logs } = answer;
  const faults: string[] = [];
  const word = wordOf(answer);
  const said = `${problem?.message ?? ""} ${resultJson}`.slice(0, 500);
  if (!expected.includes(word)) faults.push(`ended as ${word}: ${said}`);
  if (word === "ok" && result !== undefined && !isDeepStrictEqual(readResult(resultJson, ignored), result))
    faults.push(`gave ${said}`);
  if (problem !== null && message !== undefined && !message.test(problem.message)) faults.push(`said ${said}`);
  if (problem?.code === "SANDBOX_LIMIT" && limit !== undefined && problem.limit !== limit)
    faults.push(`named the limit ${problem.limit}`);
  if (log !== undefined && !logs.some(({ text }) => log.test(text))) faults.push("the log does not say it");
  const text = JSON.stringify(answer);
  if (hostPlace.test(text) || secrets.some((secret) => text.includes(secret)))
    faults.push(`tells of the host: ${text.slice(0, 500)}`);
  const { problemMessageCharsMax, logLinesMax, logLineCharsMax, resultBytesMax } = sandboxLimits;
  if ((problem?.message.length ?? 0) > problemMessageCharsMax) faults.push("message too long");
  if (Buffer.byteLength(resultJson) > resultBytesMax) faults.push("result too long");
  if (logs.length > logLinesMax + 1) faults.push("too many log lines");
  if (logs.some(({ text: line }) => line.length > logLineCharsMax)) faults.push("log line too long");
  return faults;
}

type Held = Pick<RunnerUnderTest, "process" | "census" | "baseline" | "traits">;

/**
 * P4 and P6, at this moment: what is held beyond the baseline.
 * @param ticksBefore processor time of the sandboxes a moment ago; they have to be at rest
 */
export function remainingFaults(runner: Held, ticksBefore: number): string[] {
  const { process, census, baseline, traits } = runner;
  if (process.hasExited()) return ["the runner has ended"];
  const now = census();
  const faults = process.errors().map((line) => `the runner logged: ${line.slice(0, 500)}`);
  const expectAtMost = (what: string, held: number, most: number): void => {
    if (held > most) faults.push(`${what}: ${held}, at most ${most} may be`);
  };
  if (now.sandboxes.length !== baseline.sandboxes.length)
    faults.push(`sandboxes: ${now.sandboxes.length}, there were ${baseline.sandboxes.length}`);
  expectAtMost("processes", now.processes.length, now.sandboxes.length * traits.processesPerSandboxMax);
  expectAtMost("descriptors", now.descriptors, baseline.descriptors);
  expectAtMost("temporary files", now.files.length, baseline.files.length);
  expectAtMost("memory of the runner", now.runnerBytes, baseline.runnerBytes + runnerGrowthBytesMax);
  expectAtMost("memory of sandboxes", now.sandboxBytes, baseline.sandboxBytes + traits.sandboxGrowthBytesMax);
  expectAtMost("processor ticks of sandboxes at rest", now.sandboxTicks - ticksBefore, 1);
  return faults;
}

/** P4 and P6: what an attack has left behind, once nothing changes any more. */
export async function leftovers(runner: RunnerUnderTest): Promise<string[]> {
  let faults: string[] = [];
  let ticks = 0;
  const look = (): void => {
    const ticksBefore = ticks;
    ticks = runner.process.hasExited() ? 0 : runner.census().sandboxTicks;
    faults = remainingFaults(runner, ticksBefore);
    if (faults.length > 0) throw new Error("not yet");
  };
  await vi.waitFor(look, { timeout: settleWithinMs, interval: 50 }).catch(() => {});
  return faults;
}
