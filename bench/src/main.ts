import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchCache } from "./cache.ts";
import { benchExtraction } from "./extraction.ts";
import { benchIgnoreLists } from "./ignore-lists.ts";
import { benchRunners } from "./runners/runners.ts";
import { say } from "./say.ts";
import { benchStack } from "./stack.ts";

const parts: Readonly<Record<string, (seconds: number, samples: number) => Promise<void>>> = {
  stack: benchStack,
  cache: benchCache,
  runners: benchRunners,
  extraction: benchExtraction,
  "ignore-lists": benchIgnoreLists,
};
const { values, positionals } = parseArgs({
  options: { seconds: { type: "string", default: "8" }, samples: { type: "string", default: "200" } },
  allowPositionals: true,
});
const [seconds, samples] = [Number(values.seconds), Number(values.samples)];
const chosen = positionals.length === 0 ? Object.keys(parts) : positionals;
const unknown = chosen.find((name) => parts[name] === undefined);
if (unknown !== undefined || !(seconds > 0) || !(samples >= 1)) {
  say(`npm run bench -- [${Object.keys(parts).join("] [")}] [--seconds <of a rate>] [--samples <of a latency>]`);
  process.exit(2);
}
say(
  `Bench: ${cpus().length} × ${cpus()[0]?.model ?? "?"}, Node ${process.version}, ${seconds} s a rate, load generator on the same machine`,
);
for (const name of chosen) {
  say("");
  await parts[name]?.(seconds, samples);
}
