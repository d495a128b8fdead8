import { check, defaultReportMessage, type Parameters } from "fast-check";
import { createCounts, fault, type FuzzTarget } from "./fuzz-target.ts";

export interface TargetReport {
  readonly cases: number;
  readonly seconds: number;
  readonly counts: ReadonlyMap<string, number>;
  /** The shrunk counterexample and what is wrong with it; undefined when nothing was found. */
  readonly finding: string | undefined;
}

const caseMaxMs = 30_000;

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack ?? error.message}${error.cause === undefined ? "" : `\nbecause of ${describe(error.cause)}`}`;
}

/** Runs so many cases of a target. An exception that nobody caught belongs to the case under way. */
export async function runTarget(target: FuzzTarget, seed: number, numRuns: number, path = ""): Promise<TargetReport> {
  const startedAt = performance.now();
  const stray: unknown[] = [];
  const onStray = (error: unknown): void => void stray.push(error);
  process.on("uncaughtException", onStray).on("unhandledRejection", onStray);
  const { property, examine, counts, close } = await target.open();
  const generate = property.run.bind(property);
  const watched: typeof property = Object.assign(Object.create(property) as typeof property, {
    async run(value: unknown) {
      const failure = await generate(value);
      if (failure !== null || stray.length === 0) return failure;
      return { error: new Error("An exception that nobody caught", { cause: stray.shift() }) };
    },
  });
  const parameters: Parameters<unknown> = {
    ...{ seed, numRuns, path, timeout: caseMaxMs, interruptAfterTimeLimit: 3_600_000 },
    markInterruptAsFailure: true,
  };
  try {
    const details = await check(watched, parameters);
    const error = details.errorInstance;
    let finding = details.failed ? `${defaultReportMessage(details)}\n${describe(error)}` : undefined;
    if (finding === undefined) {
      try {
        await examine?.();
        if (stray.length > 0) fault(`An exception that nobody caught: ${String(stray[0])}`);
      } catch (error) {
        finding = describe(error);
      }
    }
    const seconds = (performance.now() - startedAt) / 1000;
    return { cases: details.numRuns, seconds, counts: counts ?? createCounts(), finding };
  } finally {
    await close();
    process.off("uncaughtException", onStray).off("unhandledRejection", onStray);
  }
}
