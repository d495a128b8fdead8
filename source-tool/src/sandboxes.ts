import type { SourceManifest } from "@assay/contract";
import { detectFence, type Executor, type Fence, type FenceChoice } from "@assay/runner-common";
import { createJavascriptExecutor } from "@assay/runner-javascript";
import { createPythonExecutor, findInterpreter } from "@assay/runner-python";

/** The sandboxes of the runners, each opened when the first source of its language comes. */
export interface Sandboxes {
  executorFor(language: SourceManifest["language"]): Promise<Executor>;
  close(): Promise<void>;
}

/**
 * @param settings as a runner of this machine has them; `python` is the path of the interpreter
 * @throws FenceError where this machine cannot confine user code
 */
export async function openSandboxes(settings: {
  readonly sandbox: FenceChoice;
  readonly python: string;
}): Promise<Sandboxes> {
  const fence = await detectFence({ sandbox: settings.sandbox });
  const open: { javascript?: Promise<Executor>; python?: Promise<Executor> } = {};
  return {
    executorFor: (language) =>
      language === "python"
        ? (open.python ??= openPython(fence, settings.python))
        : (open.javascript ??= createJavascriptExecutor({ fence, processes: 1 })),
    async close() {
      const executors = await Promise.allSettled([open.javascript, open.python]);
      for (const executor of executors) if (executor.status === "fulfilled") await executor.value?.close();
      fence.close();
    },
  };
}

async function openPython(fence: Fence, path: string): Promise<Executor> {
  return createPythonExecutor({ fence, interpreter: await findInterpreter(path) });
}
