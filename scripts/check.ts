import { existsSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { reportFailure } from "./launch/report.ts";
import { securityFile, securityText } from "./setup/attack-table.ts";
import { accessFile, accessText, openApiFile, openApiText } from "./setup/openapi.ts";
import { root, runNode, type Finished } from "./setup/run.ts";
import { say } from "./setup/say.ts";
import { setUp } from "./setup/setup.ts";

interface Check {
  readonly name: string;
  run(): Promise<Finished>;
}

const types = (project: string): Check => ({
  name: `types of ${project}`,
  run: () => runNode("typescript/bin/tsc", ["--noEmit", "-p", join(root, project)]),
});

const generated: Check = {
  name: "generated files",
  async run() {
    const files = [
      { file: openApiFile, text: await openApiText(), origin: "the contract says" },
      { file: securityFile, text: await securityText(), origin: "the conformance cases say" },
      { file: accessFile, text: await accessText(), origin: "the contract says" },
    ];
    const drifted: string[] = [];
    for (const { file, text, origin } of files) {
      const committed = await readFile(file, "utf8").catch(() => "");
      if (committed !== text) drifted.push(`${file} is not what ${origin}: npm run generate`);
    }
    return { exitCode: drifted.length === 0 ? 0 : 1, output: drifted.join("\n") };
  },
};

async function runCheck({ name, run }: Check): Promise<boolean> {
  const { exitCode, output } = await run();
  say(exitCode === 0 ? `✓ ${name}` : `✗ ${name}\n${output.trimEnd()}`);
  return exitCode === 0;
}

try {
  await setUp({ prismaClient: true });
  const sandboxes = await Array.fromAsync(glob("runners/*/sandbox/tsconfig.json", { cwd: root }));
  const passed = await Promise.all(
    [
      { name: "format", run: () => runNode("oxfmt/bin/oxfmt", ["--check", "."]) },
      { name: "lint and arrows", run: () => runNode("oxlint/bin/oxlint", ["--deny-warnings", "."]) },
      generated,
      ...[
        "tsconfig.json",
        "frontend/tsconfig.json",
        "sources/tsconfig.json",
        "source-tool/templates/tsconfig.json",
        ...sandboxes,
      ]
        .filter((path) => existsSync(join(root, path)))
        .map(types),
    ].map(runCheck),
  );
  if (!passed.every(Boolean)) process.exitCode = 1;
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
