import type { Redis } from "ioredis";
import type { QuotaCounter, QuotaDecision, QuotaRule, WindowStanding } from "./quota-counter.ts";
import { bucketsPerWindow, emptyState, type QuotaState } from "./quota-rules.ts";
import { quotaScript } from "./quota-script.ts";

export interface RedisCounterOptions {
  readonly client: Redis;
  /** What is known of a subject that Redis does not know (any more). */
  readonly restore: (subject: string) => Promise<QuotaState | undefined>;
  /** Told of subjects whose count has changed. */
  readonly onChange?: (subject: string) => void;
  /** With a clock of its own, for tests. */
  readonly script?: string;
}

export interface RedisCounter extends QuotaCounter {
  /** All that Redis knows of a subject; undefined where it may have lost some of it and has not been told again. */
  snapshot(subject: string): Promise<QuotaState | undefined>;
}

const prefix = "assay:quota:";
/** As `quota-script.ts` names it. */
const wholeField = "m:0";
/** For what an upstream said, which holds for a day at the most, and a little more. */
const keepMs = 2 * 86_400_000;

/** Counts in Redis: for all nodes, by its clock. Rejects while Redis is away. */
export function createRedisCounter(options: RedisCounterOptions): RedisCounter {
  const { client, restore, onChange, script = quotaScript } = options;
  // Sent by its hash; the text follows where Redis does not know it (any more).
  client.defineCommand("assayQuota", { lua: script });
  const run = async (subjects: readonly string[], input: object): Promise<unknown> => {
    const keys = subjects.map((subject) => `${prefix}${subject}`);
    const text = JSON.stringify({ ...input, buckets: bucketsPerWindow, keepMs });
    const { assayQuota } = client as unknown as { assayQuota(...args: (string | number)[]): Promise<string> };
    return JSON.parse(await assayQuota.call(client, keys.length, ...keys, text));
  };
  const subjectsOf = (rules: readonly { readonly subject: string }[]): string[] => rules.map(({ subject }) => subject);
  /** Again after what Redis did not know was brought back. */
  const runWhole = async <Answer>(rules: readonly QuotaRule[], input: object): Promise<Answer[]> => {
    let answer = await run(subjectsOf(rules), { ...input, rules });
    if (isMissing(answer)) {
      for (const key of new Set(answer.missing)) {
        const subject = key.slice(prefix.length);
        await run([subject], { op: "restore", fields: fieldsOf((await restore(subject)) ?? emptyState()) });
      }
      answer = await run(subjectsOf(rules), { ...input, rules });
    }
    // Lost once more in between: whoever asked may ask again.
    if (isMissing(answer)) throw new Error("Redis lost what it had been given");
    return Array.isArray(answer) ? (answer as Answer[]) : [];
  };
  return {
    async reserve(rules, asks) {
      if (asks.length === 0) return [];
      const decisions = await runWhole<QuotaDecision>(rules, { op: "reserve", asks });
      for (const { subject, windows } of rules) if (windows.length > 0) onChange?.(subject);
      return decisions;
    },
    async settle(settlements) {
      if (settlements.length === 0) return;
      await run(subjectsOf(settlements.map(({ rule }) => rule)), { op: "settle", settlements });
      for (const { rule } of settlements) onChange?.(rule.subject);
    },
    async peek(rules) {
      if (rules.every(({ windows }) => windows.length === 0)) return rules.map(() => []);
      const found = await runWhole<WindowStanding[] | object>(rules, { op: "peek" });
      // An empty list comes back as an empty object.
      return found.map((windows) => (Array.isArray(windows) ? windows : []));
    },
    async forgetTold(subject) {
      await run([subject], { op: "forget" });
      onChange?.(subject);
    },
    async snapshot(subject) {
      const fields = await client.hgetall(`${prefix}${subject}`);
      return wholeField in fields ? stateOf(fields) : undefined;
    },
  };
}

function isMissing(answer: unknown): answer is { readonly missing: readonly string[] } {
  return typeof answer === "object" && answer !== null && "missing" in answer;
}

/** The fields of a hash, as `quota-script.ts` names them. */
function fieldsOf({ buckets, told }: QuotaState): Record<string, string> {
  const counts = Object.entries(buckets).flatMap(([per, each]) =>
    Object.entries(each).map(([index, count]) => [`b:${per}:${index}`, String(count)]),
  );
  const words = Object.entries(told).map(([per, { left, untilMs }]) => [`t:${per}`, `${left} ${untilMs}`]);
  return Object.fromEntries([...counts, ...words]) as Record<string, string>;
}

function stateOf(fields: Readonly<Record<string, string>>): QuotaState {
  const state = emptyState();
  for (const [name, value] of Object.entries(fields)) {
    const [kind, per = "", index = ""] = name.split(":");
    if (kind === "b") (state.buckets[per] ??= {})[index] = Number(value);
    const [left, untilMs] = value.split(" ").map(Number);
    if (kind === "t") state.told[per] = { left: left ?? 0, untilMs: untilMs ?? 0 };
  }
  return state;
}
