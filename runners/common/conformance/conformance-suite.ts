import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { conformanceCases } from "./cases.ts";
import type { Language } from "./conformance-case.ts";
import { runCase } from "./run-case.ts";
import type { StartRunner } from "./runner-process.ts";
import { openRunnerUnderTest, type RunnerUnderTest } from "./runner-under-test.ts";

/** Registers every case of a language, on one runner started by `start`. */
export function conformanceSuite(language: Language, start: StartRunner): void {
  let runner: RunnerUnderTest | undefined;

  beforeAll(async () => {
    runner = await openRunnerUnderTest(language, start);
  });

  afterAll(async () => {
    expect(await runner?.close()).toEqual([]);
  });

  describe("no source harms anything but itself", () => {
    const cases = conformanceCases.filter(({ code }) => code[language] !== undefined);
    test.each(cases)("$id $name", async (attack) => {
      const faults = runner && (await runCase(runner, attack));
      // The report of `npm run conformance` has the message alone.
      expect(faults, faults?.join("; ")).toEqual([]);
    });
  });
}
