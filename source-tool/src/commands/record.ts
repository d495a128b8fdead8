import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import type { Answer } from "@assay/proto";
import { stringify } from "yaml";
import type { Command } from "../command.ts";
import { exchangesOf } from "../live/exchanges.ts";
import { liveOptions, liveOptionsHelp, type LiveInput, readLiveInput, runLive } from "../live/live-run.ts";
import { showAnswer } from "../live/show-answer.ts";
import { caseProblems, expectedOf } from "../replay/case-problems.ts";
import { casesFile, type FixtureCase, readCasesText } from "../replay/fixture.ts";
import { openReplay } from "../replay/replay.ts";
import type { Sandboxes } from "../sandboxes.ts";
import { readText, type WholeSource } from "../source-folder.ts";
import { printable } from "../terminal.ts";
import { ToolError } from "../tool-error.ts";

export const recordCommand: Command = {
  name: "record",
  summary: "ask the real upstream once, and keep what it answers as a case",
  help: `Usage: npx assay-source record <folder or slug> --indicator <data> [options]

Runs the source once against the real network, as "run" does, and adds a case to fixtures/cases.yaml: what the upstream answered, and
what the source made of it. The case is replayed before it is kept. A run that failed is kept when the upstream's answer was the
reason (a limit, a refusal, an answer of another shape); anything else leaves the file as it is. Read the case before you commit it:
what the upstream says of you is in it. Secrets are not: "{{secret NAME}}" stands for them.

${liveOptionsHelp}
  --name <text>          the case's name; made from the answer when absent`,
  options: { ...liveOptions, name: { type: "string" } },
  positionalsMax: 1,
  async run(typed, surroundings) {
    const input = await readLiveInput("record", typed, surroundings);
    const file = casesFile(input.source.folder);
    const before = readText(file) ?? "";
    const names = namesIn(file, before);
    const wanted = typed.text("name");
    if (wanted !== undefined && names.includes(wanted))
      throw new ToolError(`${file} has a case of the name "${wanted}" already. Take another --name.`);
    return runLive(input, surroundings, async ({ answer, taken, hide }, sandboxes) => {
      showAnswer(answer, surroundings.terminal);
      refuseWhatSaysNothing(answer);
      const name = wanted ?? freeName(`${answer.problem?.code ?? answer.outcome} ${input.indicator.data}`, names);
      const { text, fixture } = writeCase(name, input, exchangesOf(taken, hide), answer);
      refuseSecrets(text, hide);
      await replayOnce(input.source, fixture, sandboxes);
      append(file, before, text);
      const shown = relative(process.cwd(), file);
      surroundings.terminal.out(surroundings.terminal.paint("green", `✓ recorded as "${name}" in ${shown}`));
      return 0;
    });
  },
};

function namesIn(file: string, text: string): string[] {
  if (isEmpty(text)) return [];
  const { manifest, diagnostics } = readCasesText(text);
  if (manifest !== undefined) return manifest.map(({ name }) => name);
  const [fault] = diagnostics;
  throw new ToolError(
    `${file}:${fault?.line ?? 1} ${fault?.field ?? ""} ${fault?.message ?? ""}. Mend it before a case is added.`,
  );
}

/** Nothing but comments, or an empty list. */
const isEmpty = (text: string): boolean => /^(\[\s*\])?$/.test(text.replaceAll(/^\s*#.*$/gm, "").trim());

function freeName(wish: string, taken: readonly string[]): string {
  const names = [wish, ...taken.map((_, at) => `${wish} (${at + 2})`)];
  return names.find((name) => !taken.includes(name)) ?? wish;
}

const upstreamCodes = ["RATE_LIMITED", "UNAUTHORIZED", "FORBIDDEN", "UPSTREAM_ERROR", "BAD_RESPONSE"];

function refuseWhatSaysNothing({ outcome, problem, http }: Answer): void {
  if (outcome !== "failed") return;
  const isAnswered = http.some(({ method, status, error }) => method === "DNS" || (status > 0 && error === ""));
  if (problem !== null && upstreamCodes.includes(problem.code) && isAnswered) return;
  throw new ToolError(`Nothing was recorded: the run failed, and not because of what the upstream answered.`);
}

function writeCase(
  name: string,
  { source, indicator, config, secrets }: LiveInput,
  upstream: readonly object[],
  answer: Answer,
) {
  const written = {
    name,
    indicator: { kind: indicator.kind, data: indicator.data },
    ...(Object.keys(config).length === 0 ? {} : { config }),
    ...(secrets.length === source.manifest.secrets.length ? {} : { secrets: secrets.map((secret) => secret.name) }),
    ...(upstream.length === 0 ? {} : { upstream }),
    expected: expectedOf(answer),
  };
  const text = stringify([written], { lineWidth: 0, aliasDuplicateObjects: false });
  const { manifest, diagnostics } = readCasesText(text);
  const fixture = manifest?.[0];
  if (fixture !== undefined) return { text, fixture };
  const [fault] = diagnostics;
  throw new ToolError(
    `Nothing was recorded: this cannot be written as a case. ${fault?.field ?? ""}: ${fault?.message ?? ""}.`,
  );
}

/** What is redacted on the way here must not come in by another way, such as the name that was typed. */
function refuseSecrets(text: string, hide: (text: string) => string): void {
  if (hide(text) === text) return;
  throw new ToolError("Nothing was recorded: a secret would be in the case, in a form that cannot be replaced.");
}

async function replayOnce(source: WholeSource, fixture: FixtureCase, sandboxes: Sandboxes): Promise<void> {
  const replay = await openReplay(sandboxes, [fixture]);
  try {
    const problems = caseProblems(fixture, await replay.run(source, fixture));
    if (problems.length === 0) return;
    const told = problems.flatMap(({ text, difference }) => [
      `  ${printable(text)}`,
      ...difference.map(({ sign, text }) => `    ${sign} ${printable(text)}`),
    ]);
    throw new ToolError(
      `Nothing was recorded: replayed, the source does not answer as it did live (-). Its answer may depend on the time, on chance, or on headers that are not kept.\n${told.join("\n")}`,
    );
  } finally {
    await replay.close();
  }
}

function append(file: string, before: string, text: string): void {
  const kept = isEmpty(before) ? before.replace(/\[\s*\]\s*$/, "") : before;
  const gap = kept === "" || kept.endsWith("\n") ? "" : "\n";
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  try {
    writeFileSync(draft, `${kept}${gap}${text}`);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
