import { expect, vi } from "vitest";
import { startTestBackend, type TestBackend, type TestBackendOptions } from "./testing.ts";
import { startTestRunner, type TestRunner } from "./testing-runner.ts";

type Options = Omit<TestBackendOptions, "runners" | "runnerToken">;

export interface ServedBackendOptions extends Options {
  /** A runner for each; for JavaScript alone unless told. */
  readonly languages?: readonly TestRunner["language"][];
  /** Further settings of the runners. */
  readonly runnerEnv?: Readonly<Record<string, string>>;
}

/** A backend and the runners that serve it, which leave with it. */
export interface ServedBackend extends TestBackend {
  readonly runners: readonly TestRunner[];
  /** Another node that they serve, on the same database unless told; it is to be closed before this one. */
  startBeside(options?: Options & { readonly ownDatabase?: boolean }): Promise<TestBackend>;
}

/** Resolves when the runners serve it. */
export async function startServedBackend(options: ServedBackendOptions = {}): Promise<ServedBackend> {
  const { languages = ["javascript"], runnerEnv, ...given } = options;
  const runners = await Promise.all(languages.map((language) => startTestRunner(language, runnerEnv)));
  const addresses = Object.fromEntries(runners.map(({ language, address }) => [language, [address]]));
  const served = { runners: addresses, runnerToken: runners[0]?.token ?? "" };
  const closeRunners = () => Promise.all(runners.map((runner) => runner.close()));
  const first = await startServed({ ...given, ...served }).catch(async (error: unknown) => {
    await closeRunners();
    throw error;
  });
  return {
    ...first,
    runners,
    startBeside: ({ ownDatabase = false, ...further } = {}) =>
      startServed({ ...(!ownDatabase && { databaseUrl: first.databaseUrl }), ...further, ...served }),
    async close() {
      await first.close();
      await closeRunners();
    },
  };
}

async function startServed(options: TestBackendOptions): Promise<TestBackend> {
  const started = await startTestBackend(options);
  const missing = () => started.backend.runners.statuses().filter(({ state }) => state !== "serving");
  await vi.waitFor(() => expect(missing()).toEqual([]), 20_000);
  return started;
}
