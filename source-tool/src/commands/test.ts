import { readSandboxConfig } from "@assay/process";
import { type Command, type Surroundings } from "../command.ts";
import { type CaseProblem, caseProblems } from "../replay/case-problems.ts";
import { type FixtureCase, readCases } from "../replay/fixture.ts";
import { missingCases } from "../replay/missing-cases.ts";
import { openReplay, type Replay } from "../replay/replay.ts";
import { openSandboxes } from "../sandboxes.ts";
import {
  catalogueFolder,
  findFolder,
  readSource,
  sourceFolders,
  type WholeSource,
  wholeSource,
} from "../source-folder.ts";
import { printable, type Terminal } from "../terminal.ts";
import { ToolError } from "../tool-error.ts";

export const testCommand: Command = {
  name: "test",
  summary: "replay the cases through the real sandbox and the real egress broker",
  help: `Usage: npx assay-source test [folder or slug …] [options]

Replays fixtures/cases.yaml: a server on this machine answers as the case says, and the source runs as in production. Without
a folder it tests the whole catalogue. A case that fails shows what was expected (-) and what the source answered (+), and
requests that the case does not list. No network and no key are needed.

  -t, --name <text>  only cases whose name holds the text`,
  options: { name: { type: "string", short: "t" } },
  positionalsMax: Infinity,
  async run({ positionals, text }, surroundings) {
    const folders = positionals.length > 0 ? positionals.map(findFolder) : sourceFolders(catalogueFolder);
    const wanted = text("name");
    const tests = folders
      .map((folder) => ({ source: wholeSource(readSource(folder)), cases: readCases(folder) }))
      .map(({ source, cases }) => ({
        source,
        missing: missingCases(source.manifest, cases),
        cases: cases.filter(({ name }) => wanted === undefined || name.includes(wanted)),
      }));
    const count = tests.reduce((total, { cases }) => total + cases.length, 0);
    if (count === 0) throw new ToolError(`No case has a name that holds "${wanted}".`);
    return testAll(tests, surroundings);
  },
};

interface SourceTest {
  readonly source: WholeSource;
  readonly cases: readonly FixtureCase[];
  readonly missing: readonly string[];
}

async function testAll(tests: readonly SourceTest[], { terminal, env, signal }: Surroundings): Promise<number> {
  const sandboxes = await openSandboxes(readSandboxConfig(env));
  const counts = { passed: 0, failed: 0 };
  let replay: Replay | undefined;
  try {
    replay = await openReplay(
      sandboxes,
      tests.flatMap(({ cases }) => cases),
    );
    for (const { source, cases, missing } of tests) {
      if (cases.length === 0) continue;
      terminal.out(terminal.paint("bold", source.slug));
      for (const fixture of cases) {
        if (signal.aborted) throw new ToolError("Stopped.");
        const problems = caseProblems(fixture, await replay.run(source, fixture));
        counts[problems.length === 0 ? "passed" : "failed"] += 1;
        terminal.out(reportOf(fixture, problems, terminal));
      }
      for (const gap of missing) terminal.out(`  ${terminal.paint("yellow", `! ${gap}`)}`);
    }
  } finally {
    await replay?.close();
    await sandboxes.close();
  }
  const summary = `${counts.passed} passed, ${counts.failed} failed`;
  terminal.out(terminal.paint(counts.failed > 0 ? "red" : "green", summary));
  return counts.failed > 0 ? 1 : 0;
}

const signPaints = { "-": "red", "+": "green", " ": "dim", "…": "dim" } as const;

function reportOf({ name }: FixtureCase, problems: readonly CaseProblem[], { paint }: Terminal): string {
  const head = problems.length === 0 ? `  ${paint("green", "✓")} ${name}` : `  ${paint("red", "✗")} ${name}`;
  const details = problems.flatMap(({ text, difference }) => [
    `    ${printable(text)}`,
    ...(difference.length > 0 ? [`      ${paint("red", "- expected")}  ${paint("green", "+ answered")}`] : []),
    ...difference.map((line) => `      ${paint(signPaints[line.sign], `${line.sign} ${printable(line.text)}`)}`),
  ]);
  return [head, ...details].join("\n");
}
