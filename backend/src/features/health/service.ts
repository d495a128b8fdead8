import type { Dependency, Language, RunnerStatus } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { RedisConnection } from "../../limits/redis.ts";
import type { Database } from "../../db/database.ts";

export interface Readiness {
  readonly status: "ready" | "degraded" | "down";
  readonly dependencies: Dependency[];
}

export interface Health {
  isUp(): Promise<boolean>;
  readiness(): Promise<Readiness>;
}

/** Anybody may ask, as often as they like; the database is asked once a second at the most. */
const rememberedMs = 1_000;
const timeoutMs = 2_000;
const languageNames: Readonly<Record<Language, string>> = {
  JAVASCRIPT: "JavaScript runners",
  PYTHON: "Python runners",
};

export function createHealth(
  db: Database,
  log: Logger,
  runnerStatuses: () => readonly RunnerStatus[],
  redis: RedisConnection | null = null,
): Health {
  let last: { readonly up: Promise<boolean>; readonly untilMs: number } | undefined;

  const isUp = (): Promise<boolean> => {
    if (last && performance.now() < last.untilMs) return last.up;
    const up = answers(db).catch((err: unknown) => {
      log.debug({ err }, "the database did not answer");
      return false;
    });
    last = { up, untilMs: performance.now() + rememberedMs };
    return up;
  };

  return {
    isUp,
    async readiness() {
      const up = await isUp();
      const database = { name: "PostgreSQL", up, reason: up ? null : "it does not answer" };
      const runners = (Object.keys(languageNames) as Language[]).map((language) =>
        runnersOf(
          language,
          runnerStatuses().filter((status) => status.language === language),
        ),
      );
      const others = [...(redis ? [redisOf(redis)] : []), ...runners];
      const degraded = others.some(({ reason }) => reason !== null);
      return { status: up ? (degraded ? "degraded" : "ready") : "down", dependencies: [database, ...others] };
    },
  };
}

function redisOf({ trouble }: RedisConnection): Dependency {
  const reason = trouble();
  const words = `it does not answer (${reason}); meanwhile each process counts calls and sign-ins on its own, and answers are neither kept nor shared between nodes`;
  return { name: "Redis", up: reason === null, reason: reason === null ? null : words };
}

function runnersOf(language: Language, statuses: readonly RunnerStatus[]): Dependency {
  const name = languageNames[language];
  const serving = statuses.filter(({ state }) => state === "serving");
  if (serving.length > 0) {
    const reasons = [
      weaknessOf(serving, "off", "runs user code without its fence (ASSAY_RUNNER_SANDBOX=off)"),
      weaknessOf(serving, "landlock", "runs user code behind a weaker fence (Landlock)"),
    ].flat();
    return { name, up: true, reason: reasons.join("; ") || null };
  }
  if (statuses.length === 0) return { name, up: false, reason: "none is configured" };
  const reason = statuses.map(({ address, state, reason }) => `${address} ${reason ?? state}`).join("; ");
  return { name, up: false, reason };
}

/** One sentence for all runners whose fence is this one; none where there is no such runner. */
function weaknessOf(serving: readonly RunnerStatus[], fence: RunnerStatus["sandbox"], what: string): string[] {
  const addresses = serving.filter(({ sandbox }) => sandbox === fence).map(({ address }) => address);
  return addresses.length === 0 ? [] : [`${addresses.join(", ")} ${what}`];
}

async function answers(db: Database): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), timeoutMs);
  try {
    return await Promise.race([db.pool.query("SELECT 1").then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
