import { detectFence } from "@assay/runner-common";
import { say } from "../say.ts";
import { benchBroker } from "./broker.ts";
import { benchCalls } from "./calls.ts";
import { benchFairness } from "./fairness.ts";
import { benchMemory } from "./memory.ts";
import type { Language } from "./sources.ts";

const languages: readonly (readonly [Language, string])[] = [
  ["JAVASCRIPT", "JavaScript"],
  ["PYTHON", "Python"],
];

/** Measures the runners in their real sandboxes against what they are meant to do; `samples` a latency, `seconds` a rate. */
export async function benchRunners(seconds: number, samples: number): Promise<void> {
  const fence = await detectFence({ sandbox: "on" });
  try {
    for (const [language, name] of languages) {
      say(`${name}, calls inside the runner (without gRPC): measured, target`);
      await benchCalls(language, fence, seconds, samples);
    }
    say("Memory");
    await benchMemory(fence, samples);
    say("Egress broker, 2 kB answers over HTTP from this machine");
    await benchBroker(samples);
    for (const [language, name] of languages) {
      say(`${name}, one source against the others, over gRPC`);
      await benchFairness(language, fence, seconds, samples);
    }
  } finally {
    fence.close();
  }
}
