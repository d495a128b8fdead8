import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createRunnerClient, type RunnerClient } from "@assay/proto";
import { makeTestFolder } from "../../src/egress/fixtures/test-folder.ts";
import type { Setting } from "./setting.ts";

export interface RunnerInSetting {
  /** Undefined when it has refused to start. */
  readonly client: RunnerClient | undefined;
  /** All that it has written so far. */
  readonly output: () => string;
  /** Asks it to stop; resolves with its exit code and what it left in its folder for temporary files. */
  readonly stop: () => Promise<{ readonly code: number | null; readonly left: readonly string[] }>;
}

const token = "a token that only this test knows, long enough";

/**
 * Starts the program of a runner in a setting. Resolves when it listens, or when it has ended.
 * @param main its main.ts
 */
export async function startInSetting(
  setting: Setting,
  main: URL,
  more: Readonly<Record<string, string>> = {},
): Promise<RunnerInSetting> {
  const { path: folder, remove } = makeTestFolder("assay-setting-");
  // Whoever the runner is has to write here, and whoever it becomes has to pass.
  chmodSync(folder, 0o1777);
  const [command, ...args] = [...setting.wrapper, process.execPath, fileURLToPath(main)];
  const settings = { ASSAY_RUNNER_TOKEN: token, ASSAY_RUNNER_LISTEN: "127.0.0.1:0", ASSAY_RUNNER_PROCESSES: "1" };
  const env = { PATH: "/usr/bin:/bin", TMPDIR: folder, SETTING_SECRET: "hunter2", ...settings, ...more };
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "close") as Promise<[number | null]>;
  let output = "";
  const listening = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const address = /listening on (\S+:\d+)/.exec(output)?.[1];
        if (address !== undefined) resolve(address);
      });
    }
  });
  const address = await Promise.race([listening, exited.then(() => undefined)]);
  const client = address === undefined ? undefined : createRunnerClient(address, token);
  return {
    client,
    output: () => output,
    async stop() {
      client?.close();
      child.kill("SIGTERM");
      const [code] = await exited;
      const left = existsSync(folder) ? readdirSync(folder) : [];
      remove();
      return { code, left };
    },
  };
}
