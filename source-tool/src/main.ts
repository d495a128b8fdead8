import { loadEnvironment } from "@assay/process";
import { checkout } from "./source-folder.ts";
import { processTerminal } from "./terminal.ts";
import { runTool } from "./tool.ts";

const stopping = new AbortController();
// A second one ends the process at once.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());

process.exitCode = await runTool(process.argv.slice(2), {
  terminal: processTerminal,
  env: loadEnvironment(checkout),
  signal: stopping.signal,
});
