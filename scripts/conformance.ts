import { chmod, chown, readFile } from "node:fs/promises";
import { join } from "node:path";
import { obstacleTo, settings, type Setting } from "../runners/common/conformance/settings/setting.ts";
import { startInSetting } from "../runners/common/conformance/settings/start-in-setting.ts";
import { makeTestFolder } from "../runners/common/src/egress/fixtures/test-folder.ts";
import { Failure } from "./failure.ts";
import { reportFailure } from "./launch/report.ts";
import { root, run } from "./setup/run.ts";
import { say } from "./setup/say.ts";
import { setUp } from "./setup/setup.ts";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly title: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

interface Result {
  readonly isGood: boolean;
  readonly text: string;
}

const languages = ["javascript", "python"] as const;
const mainOf = (language: string): URL => new URL(`../runners/${language}/src/main.ts`, import.meta.url);

/** Whoever stops this waits for what it has started, so that no folder and no process is left. */
const stopping = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopping.abort());

/** What the case found wrong, without the frames of the test. */
const faultIn = (messages: readonly string[]): string => messages.join(" ").split(/\n\s+at /)[0] ?? "";

/** What the paths of the tests hold that run every case. */
const files = ["/conformance"];

/** Runs every case of every language with all that runs it in the setting. */
async function runCases({ wrapper, userId }: Setting): Promise<Result> {
  const { path: folder, remove } = makeTestFolder("assay-conformance-");
  try {
    // Whoever the runner becomes has to pass through it.
    await chmod(folder, 0o1777);
    await chown(folder, userId, userId);
    const reportFile = join(folder, "report.json");
    const vitest = [join(root, "node_modules/vitest/vitest.mjs"), "run", "--configLoader=runner", "--no-cache"];
    const [command = "", ...args] = [
      ...[...wrapper, process.execPath, ...vitest, "--project=plain"],
      ...["--reporter=json", `--outputFile.json=${reportFile}`, ...files],
    ];
    const { output } = await run(
      command,
      args,
      { HOME: folder, XDG_DATA_HOME: folder, TMPDIR: folder },
      stopping.signal,
    );
    if (stopping.signal.aborted) return { isGood: false, text: "stopped" };
    const text = await readFile(reportFile, "utf8").catch(() => undefined);
    if (text === undefined) return { isGood: false, text: `no result\n${output.trim()}` };
    const { numPassedTests, numFailedTests, testResults }: Report = JSON.parse(text);
    const failed = testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === "failed"),
    );
    // A file that cannot be loaded has no failed case of its own, and yet has failed.
    const broken = testResults.filter(({ assertionResults }) => assertionResults.length === 0);
    const lines = [
      ...failed.map(({ title, failureMessages }) => `${title}: ${faultIn(failureMessages)}`),
      ...broken.map(({ message }) => message),
    ];
    const isGood = lines.length === 0 && numPassedTests > 0;
    return { isGood, text: [`${numPassedTests} passed, ${numFailedTests} failed`, ...lines].join("\n    ") };
  } finally {
    remove();
  }
}

/** Whether the runners have the fence that the setting allows, or refuse with the right words. Undefined when both do. */
async function fenceFault(setting: Setting): Promise<string | undefined> {
  for (const language of languages) {
    const runner = await startInSetting(setting, mainOf(language));
    try {
      const sandbox = (await runner.client?.init({ sources: [] }))?.sandbox;
      const { outcome } = setting;
      if (typeof outcome === "string" ? sandbox === outcome : sandbox === undefined && outcome.test(runner.output()))
        continue;
      return `the ${language} runner has the fence ${sandbox ?? "none"} and says: ${runner.output().trim()}`;
    } finally {
      await runner.stop();
    }
  }
  return undefined;
}

async function runSetting(setting: Setting): Promise<Result> {
  const fault = await fenceFault(setting);
  if (stopping.signal.aborted) return { isGood: false, text: "stopped" };
  if (fault !== undefined) return { isGood: false, text: fault };
  if (typeof setting.outcome !== "string")
    return { isGood: true, text: "the runners refuse to start, with the right words" };
  const { isGood, text } = await runCases(setting);
  return { isGood, text: `${setting.outcome}: ${text}` };
}

try {
  await setUp({ packages: ["bubblewrap", "python3", "python3-requests", "python3-httpx"] });
  const wanted = process.argv.slice(2);
  const chosen = settings.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
  if (chosen.length === 0)
    throw new Failure(`No setting is called that. There are:\n${settings.map(({ name }) => `  ${name}`).join("\n")}`);
  for (const setting of chosen) {
    if (stopping.signal.aborted) break;
    const obstacle = obstacleTo(setting);
    if (obstacle !== undefined) {
      say(`- ${setting.name}: cannot be made here: ${obstacle}`);
      continue;
    }
    const { isGood, text } = await runSetting(setting);
    say(`${isGood ? "✓" : "✗"} ${setting.name}: ${text}`);
    if (!isGood) process.exitCode = 1;
  }
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
