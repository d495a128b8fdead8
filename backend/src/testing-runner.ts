import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { freePort } from "@assay/tests";

export interface TestRunner {
  readonly language: "javascript" | "python";
  /** `host:port` */
  readonly address: string;
  readonly token: string;
  readonly process: ChildProcess;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, "../..");

/** The real runner of a language, in its own process, with its real sandbox, and further settings. It leaves with this process. */
export async function startTestRunner(
  language: TestRunner["language"],
  env: Readonly<Record<string, string>> = {},
): Promise<TestRunner> {
  const address = `127.0.0.1:${await freePort()}`;
  const token = "test-runner-token-".repeat(2);
  const child = fork(join(root, "runners", language, "src/main.ts"), {
    cwd: root,
    env: {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      ASSAY_RUNNER_LISTEN: address,
      ASSAY_RUNNER_TOKEN: token,
      ASSAY_RUNNER_PROCESSES: "1",
      ASSAY_LOG_LEVEL: "error",
      ...env,
    },
  });
  const exited = once(child, "exit");
  const [first] = (await Promise.race([once(child, "message"), exited])) as [unknown];
  if (typeof first !== "object") throw new Error(`The ${language} runner did not start: see its message above`);
  return {
    language,
    address,
    token,
    process: child,
    close: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
