import { parentPort } from "node:worker_threads";
import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary as common } from "@zxcvbn-ts/language-common";
import { dictionary as english, translations } from "@zxcvbn-ts/language-en";

/** What a worker is asked. */
export interface StrengthQuestion {
  readonly id: number;
  readonly password: string;
  /** Words that a guesser would try first. */
  readonly known: readonly string[];
}

/** What it answers. */
export interface StrengthAnswer {
  readonly id: number;
  readonly score: number;
  readonly advice: string;
}

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common, ...english },
  graphs: adjacencyGraphs,
  translations,
});

parentPort?.on("message", ({ id, password, known }: StrengthQuestion) => {
  const { score, feedback } = zxcvbn.check(password, [...known]);
  const advice = [feedback.warning, ...feedback.suggestions].filter((sentence) => sentence).join(" ");
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage({ id, score, advice } satisfies StrengthAnswer);
});
