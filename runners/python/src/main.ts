import { runRunnerProcess } from "@assay/runner-common";
import { createPythonExecutor } from "./executor.ts";
import { findInterpreter } from "./interpreter.ts";

await runRunnerProcess("python", async ({ fence, config, logger }) => {
  const interpreter = await findInterpreter(config.python);
  logger.info(`Python ${interpreter.version} at ${interpreter.path}`);
  return createPythonExecutor({
    fence,
    interpreter,
    onComplaint: (sourceId, stderr) => logger.warn({ sourceId, stderr }, "a Python sandbox ended by itself"),
  });
});
