import { runRunnerProcess } from "@assay/runner-common";
import { createJavascriptExecutor } from "./executor.ts";

await runRunnerProcess("javascript", ({ fence, config, logger }) =>
  createJavascriptExecutor({
    fence,
    processes: config.processes,
    onComplaint: (stderr) => logger.warn({ stderr }, "a JavaScript host ended by itself"),
  }),
);
