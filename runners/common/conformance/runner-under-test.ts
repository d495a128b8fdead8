import { randomUUID } from "node:crypto";
import { chmodSync, existsSync } from "node:fs";
import { createRunnerClient, type Answer, type RunnerClient } from "@assay/proto";
import { vi } from "vitest";
import { makeTestFolder } from "../src/egress/fixtures/test-folder.ts";
import { takeCensus, type Census } from "./census.ts";
import type { Language } from "./conformance-case.ts";
import { askSources, sourceOf, type Source } from "./harness.ts";
import { languageTraits, type LanguageTraits } from "./languages.ts";
import type { RunnerProcess, StartRunner } from "./runner-process.ts";
import { openUpstream, type Upstream } from "./upstream.ts";

/** A runner under attack, and all that the harness holds against it. */
export interface RunnerUnderTest {
  readonly process: RunnerProcess;
  readonly client: RunnerClient;
  readonly upstream: Upstream;
  readonly language: Language;
  /** The fence in force. */
  readonly sandbox: string;
  readonly traits: LanguageTraits;
  readonly bystanders: readonly Source[];
  /** What must be in no answer: the runner's token, what stands in its environment, where its files are. */
  readonly secrets: readonly string[];
  readonly census: () => Census;
  /** What it held before the first attack, with its bystanders warm. */
  readonly baseline: Census;
  readonly ask: (source: Source, data: string, timeoutMs: number) => Promise<Answer | undefined>;
  /** Stops it; resolves with what was not as it must be. */
  readonly close: () => Promise<string[]>;
}

/** What the runner holds once its sandboxes do nothing any more. */
function takeCensusAtRest(census: () => Census): Promise<Census> {
  let before: Census | undefined;
  const look = (): Census => {
    const now = census();
    const isAtRest = now.sandboxTicks === before?.sandboxTicks && now.processes.length === before.processes.length;
    before = now;
    if (!isAtRest) throw new Error("the sandboxes of a runner that was only started do not come to rest");
    return now;
  };
  return vi.waitFor(look, { timeout: 30_000, interval: 200 });
}

/** Starts a runner and warms its bystanders. */
export async function openRunnerUnderTest(language: Language, start: StartRunner): Promise<RunnerUnderTest> {
  const traits = languageTraits[language];
  const { path: folder, remove } = makeTestFolder("assay-conformance-");
  // A runner that is root drops to a user who has to reach its copies; one that is not has to write here.
  chmodSync(folder, 0o1777);
  const [token, unsaid] = [`token-${randomUUID()}`, `unsaid-${randomUUID()}`];
  const upstream = await openUpstream();
  async function tidyUp(): Promise<void> {
    await upstream.close();
    remove();
  }
  const process = await start({
    ...upstream.settings,
    PATH: "/usr/bin:/bin",
    TMPDIR: folder,
    // What is only not collected yet stays small, and what is never collected ends the runner.
    NODE_OPTIONS: "--max-old-space-size=128 --max-semi-space-size=8",
    CONFORMANCE_SECRET: unsaid,
    ASSAY_RUNNER_TOKEN: token,
    ASSAY_RUNNER_LISTEN: "127.0.0.1:0",
    ASSAY_RUNNER_PROCESSES: "2",
    ASSAY_RUNNER_CONCURRENCY: "16",
    ASSAY_LOG_FORMAT: "json",
  }).catch(async (error: unknown) => {
    await tidyUp();
    throw error;
  });
  const client = createRunnerClient(process.address, token);
  const bystanders = traits.bystanders.map((code, index) => sourceOf(`bystander ${index}`, code));
  for (const source of bystanders) await askSources(client, [source], "calm", 20_000);
  const { sandbox } = await client.init({ sources: [] });
  const census = (): Census => takeCensus(process.pid, folder);
  const baseline = await takeCensusAtRest(census);
  return {
    ...{ process, client, upstream, language, sandbox, traits, bystanders, census, baseline },
    secrets: [token, unsaid, folder],
    ask: async (source, data, timeoutMs) => (await askSources(client, [source], data, timeoutMs)).get(source.sourceId),
    async close() {
      client.close();
      const { processes } = process.hasExited() ? baseline : census();
      const code = await process.stop();
      const left = processes.filter((pid) => existsSync(`/proc/${pid}`));
      await tidyUp();
      return [
        ...(code === 0 ? [] : [`the runner ended with code ${code}`]),
        ...left.map((pid) => `process ${pid} outlived the runner`),
      ];
    },
  };
}
