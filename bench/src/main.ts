import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchBatches } from "./batches.ts";
import { benchCache } from "./cache.ts";
import { benchExtraction } from "./extraction.ts";
import { benchIgnoreLists } from "./ignore-lists.ts";
import { benchRecording } from "./recording.ts";
import { benchRunners } from "./runners/runners.ts";
import { say } from "./say.ts";
import { benchStack } from "./stack.ts";

const parts: Readonly<Record<string, (seconds: number, samples: number, indicators: number) => Promise<void>>> = {
  stack: benchStack,
  cache: benchCache,
  runners: benchRunners,
  extraction: benchExtraction,
  "ignore-lists": benchIgnoreLists,
  recording: benchRecording,
  batches: benchBatches,
};
const { values, positionals } = parseArgs({
  options: {
    seconds: { type: "string", default: "8" },
    samples: { type: "string", default: "200" },
    indicators: { type: "string", default: "100000" },
  },
  allowPositionals: true,
});
const [seconds, samples, indicators] = [Number(values.seconds), Number(values.samples), Number(values.indicators)];
const chosen = positionals.length === 0 ? Object.keys(parts) : positionals;
const unknown = chosen.find((name) => parts[name] === undefined);
if (unknown !== undefined || !(seconds > 0) || !(samples >= 1) || !(indicators >= 100)) {
  say(
    `npm run bench -- [${Object.keys(parts).join("] [")}] [--seconds <of a rate>] [--samples <of a latency>] [--indicators <of a batch>]`,
  );
  process.exit(2);
}
say(
  `Bench: ${cpus().length} × ${cpus()[0]?.model ?? "?"}, Node ${process.version}, ${seconds} s a rate, load generator on the same machine`,
);
for (const name of chosen) {
  say("");
  await parts[name]?.(seconds, samples, indicators);
}
