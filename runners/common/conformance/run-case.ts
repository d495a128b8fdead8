import { status } from "@grpc/grpc-js";
import type { Answer } from "@assay/proto";
import type { ConformanceCase } from "./conformance-case.ts";
import { sourceOf, type Source } from "./harness.ts";
import { answerFaults, leftovers } from "./post-conditions.ts";
import type { RunnerUnderTest } from "./runner-under-test.ts";

/** Far more than a calm call takes, also on a busy machine. */
const calmTimeoutMs = 20_000;
const restMessage = /^The source had to be stopped by force several times\. It rests/;

/** The answer, or the name of the status with which the runner refused the call or its code. */
async function askOnce(
  runner: RunnerUnderTest,
  source: Source,
  data: string,
  timeoutMs: number,
): Promise<Answer | string> {
  try {
    return (await runner.ask(source, data, timeoutMs)) ?? "no answer";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? Number(error.code) : -1;
    return status[code] ?? String(error);
  }
}

/** P2: bystanders' calls, one after the other until the attack is over. */
async function standBy(runner: RunnerUnderTest, bystander: Source, attack: AbortSignal): Promise<string[]> {
  const faults: string[] = [];
  do {
    const answer = await askOnce(runner, bystander, "calm", calmTimeoutMs);
    if (typeof answer === "string") return [...faults, `a bystander had ${answer}`];
    if (answer.resultJson !== runner.traits.bystanderJson) {
      faults.push(`a bystander failed: ${answer.problem?.code} ${answer.problem?.message} ${answer.resultJson}`);
    }
  } while (!attack.aborted);
  return faults;
}

async function attackFaults(runner: RunnerUnderTest, attack: ConformanceCase, source: Source): Promise<string[]> {
  const { atOnce = 1, timeoutMs, expected, isDistinct } = attack;
  const ends = await Promise.all(Array.from({ length: atOnce }, () => askOnce(runner, source, "attack", timeoutMs)));
  const secrets = [...runner.secrets, ...(source.secrets ?? []).map(({ value }) => value)];
  const faults = ends.flatMap((end) => {
    if (typeof end !== "string") return answerFaults(end, attack, secrets);
    return expected.includes(end) ? [] : [`ended as ${end}`];
  });
  const results = new Set(ends.map((end) => (typeof end === "string" ? end : end.resultJson)));
  return isDistinct === true && results.size < atOnce ? [...faults, "answers were the same"] : faults;
}

/** P1, P5: the attack itself, and again where it has to come to a rest. */
async function allAttackFaults(runner: RunnerUnderTest, attack: ConformanceCase, source: Source): Promise<string[]> {
  const faults = await attackFaults(runner, attack, source);
  if (attack.isPunished !== true) return faults;
  faults.push(...(await attackFaults(runner, attack, source)));
  const rest = { ...attack, expected: ["SANDBOX_LIMIT"], message: restMessage, limit: "wall" } as const;
  return [...faults, ...(await attackFaults(runner, rest, source))];
}

/** P3: the next call of the same source. */
async function calmFaults(runner: RunnerUnderTest, source: Source): Promise<string[]> {
  for (;;) {
    const answer = await askOnce(runner, source, "calm", calmTimeoutMs);
    if (typeof answer === "string") return [`the next call had ${answer}`];
    const { outcome, problem, resultJson } = answer;
    if (resultJson === '{"calm":true}') return [];
    if (!restMessage.test(problem?.message ?? ""))
      return [`the next call failed: ${outcome} ${problem?.code} ${problem?.message} ${resultJson}`];
  }
}

/**
 * Runs one case with calls of other sources beside it for as long as it takes, and asserts P1 to P6 of every attack:
 * P1 every call has a typed answer, P2 the others' calls succeed, P3 so does the next of the same source, P4 nothing is left behind,
 * P5 no answer tells of the host, P6 the runner lives on. Resolves with all that was not as it must be.
 */
export async function runCase(runner: RunnerUnderTest, row: ConformanceCase): Promise<string[]> {
  const { language, traits, client, sandbox } = runner;
  const attack = sandbox === "landlock" ? { ...row, ...row.behindLandlock } : row;
  const { hosts = [], secrets = [], config = {}, finish } = attack.setUp?.(runner.upstream) ?? {};
  const needs = { hosts, secrets, configJson: JSON.stringify(config) };
  const sourceId = `attack ${attack.id}`;
  const source = { ...sourceOf(sourceId, attack.code[language] ?? ""), ...needs };
  const attacking = new AbortController();
  const beside = runner.bystanders.map((bystander) => standBy(runner, bystander, attacking.signal));
  const faults = await allAttackFaults(runner, attack, source).finally(() => attacking.abort());
  faults.push(...(await Promise.all(beside)).flat(), ...((await finish?.()) ?? []));
  const next = attack.isBroken === true ? { ...sourceOf(sourceId, traits.calmCode), ...needs } : source;
  faults.push(...(await calmFaults(runner, next)));
  await client.delete({ sourceId });
  return [...faults, ...(await leftovers(runner))];
}
