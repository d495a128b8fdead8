import type { RunnerClient } from "@assay/proto";
import { describe, expect, test } from "vitest";
import { sourceOf } from "../harness.ts";
import { obstacleTo, settings } from "./setting.ts";
import { startInSetting } from "./start-in-setting.ts";

export interface SettingAttack {
  readonly name: string;
  readonly code: string;
  /** The answer as JSON, or the code of the problem. */
  readonly ends: string | RegExp;
  /** Default 15,000: more than a call takes that comes to its own end, also on a busy machine. */
  readonly timeoutMs?: number;
}

async function endOf(client: RunnerClient, { name, code, timeoutMs = 15_000 }: SettingAttack): Promise<string> {
  const source = sourceOf(name, code);
  await client.update(source);
  const call = { ...source, timeoutMs, configJson: "{}", hosts: [], secrets: [] };
  const stream = client.fetchData(
    { lookupId: "setting", indicator: { data: "8.8.8.8", kind: "IPV4" }, sources: [call] },
    { deadlineMs: Date.now() + 60_000 },
  );
  let end = "no answer";
  for await (const event of stream) {
    if (event.event === "answer") end = event.answer.problem?.code ?? event.answer.resultJson;
  }
  return end;
}

/**
 * For each setting that this machine can make: the runner has the right fence and answers, a few attacks end as they must, and nothing is
 * left; or it refuses with the right words. Every attack in every setting is for `npm run conformance`.
 */
export function settingsSuite(main: URL, calm: SettingAttack, attacks: readonly SettingAttack[]): void {
  describe.each(settings)("$name", (setting) => {
    const obstacle = obstacleTo(setting);
    const { outcome } = setting;

    test.skipIf(obstacle !== undefined)(
      "gives the runner the best fence there is, or makes it refuse",
      async () => {
        const runner = await startInSetting(setting, main);
        const { client } = runner;
        try {
          if (typeof outcome !== "string") {
            expect(runner.output()).toMatch(outcome);
            expect(client).toBeUndefined();
            return;
          }
          expect(client, runner.output()).toBeDefined();
          if (client === undefined) return;
          expect((await client.init({ sources: [] })).sandbox).toBe(outcome);
          expect(runner.output().includes("weaker fence")).toBe(outcome === "landlock");
          for (const one of [calm, ...attacks, calm]) {
            const end = await endOf(client, one);
            expect({ name: one.name, end }).toEqual({
              name: one.name,
              end: typeof one.ends === "string" ? one.ends : expect.stringMatching(one.ends),
            });
          }
          expect(await runner.stop()).toEqual({ code: 0, left: [] });
        } finally {
          await runner.stop();
        }
        // Half a dozen programs start for it one after the other, on a machine that may be busy.
      },
      240_000,
    );
  });
}
