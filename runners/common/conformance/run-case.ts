import { status } from "@grpc/grpc-js";
import type { Answer } from "@assay/proto";
import type { ConformanceCase } from "./conformance-case.ts";
import { sourceOf, type Source } from "./harness.ts";
import { answerFaults, leftovers } from "./post-conditions.ts";
import type { RunnerUnderTest } from "./runner-under-test.ts";

/** Far more than a calm call takes, also on a busy machine. */
const calmTimeoutMs = 20_000;
const calls = { calm: '{"calm":true}', resting: /^The source had to be stopped by force several times\. It rests/ };

/** P2: bystanders' calls, one after the other until the attack is over. */
async function standBy(runner: RunnerUnderTest, bystander: Source, isOver: () => boolean): Promise<string[]> {
  const faults: string[] = [];
  do {
    const answer = await runner.ask(bystander, "calm", calmTimeoutMs);
    if (answer?.resultJson !== runner.traits.bystanderJson) {
      faults.push(`a bystander failed: ${answer?.problem?.code} ${answer?.problem?.message} ${answer?.resultJson}`);
    }
  } while (!isOver());
  return faults;
}

/** The answer, or the name of the status with which the runner refused the code. */
async function attackOnce(runner: RunnerUnderTest, source: Source, timeoutMs: number): Promise<Answer | string> {
  try {
    return (await runner.ask(source, "attack", timeoutMs)) ?? "no answer";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? Number(error.code) : -1;
    return status[code] ?? String(error);
  }
}

async function attackFaults(runner: RunnerUnderTest, attack: ConformanceCase, source: Source): Promise<string[]> {
  const { atOnce = 1, timeoutMs, expected, isDistinct } = attack;
  const ends = await Promise.all(Array.from({ length: atOnce }, () => attackOnce(runner, source, timeoutMs)));
  const secrets = [...runner.secrets, ...(source.secrets ?? []).map(({ value }) => value)];
  const faults = ends.flatMap((end) => {
    if (typeof end !== "string") return answerFaults(end, attack, secrets);
    return expected.includes(end) ? [] : [`ended as ${end}`];
  });
  const results = new Set(ends.map((end) => (typeof end === "string" ? end : end.resultJson)));
  return isDistinct === true && results.size < atOnce ? [...faults, "answers were the same"] : faults;
}

/** P3: the next call of the same source. */
async function calmFaults(runner: RunnerUnderTest, source: Source): Promise<string[]> {
  for (;;) {
    const answer = await runner.ask(source, "calm", calmTimeoutMs);
    if (answer?.resultJson === calls.calm) return [];
    if (!calls.resting.test(answer?.problem?.message ?? "")) {
      const { outcome, problem, resultJson } = answer ?? {};
      return [`the next call failed: ${outcome} ${problem?.code} ${problem?.message} ${resultJson}`];
    }
  }
}

/**
 * Runs one case with calls of other sources beside it for as long as it takes, and asserts P1 to P6 of every attack:
 * P1 every call has a typed answer, P2 the others' calls succeed, P3 so does the next of the same source, P4 nothing is left behind,
 * P5 no answer tells of the host, P6 the runner lives on. Resolves with all that was not as it must be.
 */
export async function runCase(runner: RunnerUnderTest, attack: ConformanceCase): Promise<string[]> {
  const { language, traits, client } = runner;
  const { hosts = [], secrets = [], config = {}, finish } = attack.setUp?.(runner.upstream) ?? {};
  const needs = { hosts, secrets, configJson: JSON.stringify(config) };
  const sourceId = `attack ${attack.id}`;
  const source = { ...sourceOf(sourceId, attack.code[language] ?? ""), ...needs };
  let isOver = false;
  const beside = runner.bystanders.map((bystander) => standBy(runner, bystander, () => isOver));
  const faults = await attackFaults(runner, attack, source);
  if (attack.isPunished === true) {
    faults.push(...(await attackFaults(runner, attack, source)));
    const rest = { ...attack, expected: ["SANDBOX_LIMIT"], message: calls.resting, limit: "wall" } as const;
    faults.push(...(await attackFaults(runner, rest, source)));
  }
  isOver = true;
  faults.push(...(await Promise.all(beside)).flat(), ...((await finish?.()) ?? []));
  const next = attack.isBroken === true ? { ...sourceOf(sourceId, traits.calmCode), ...needs } : source;
  faults.push(...(await calmFaults(runner, next)));
  await client.delete({ sourceId });
  return [...faults, ...(await leftovers(runner))];
}
