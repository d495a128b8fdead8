import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { runTarget } from "./run-target.ts";
import { targets } from "./targets.ts";

const usage = `npm run fuzz -- [--cases <all targets together>] [--seed <integer>] [--target <name>] [--path <of a counterexample>]
Targets: ${targets.map(({ name }) => name).join(", ")}`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function wholeNumber(text: string, name: string, min: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= min) return value;
  say(`--${name} must be a whole number from ${min}, not "${text}".\n${usage}`);
  process.exit(2);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        cases: { type: "string", default: "100000" },
        seed: { type: "string", default: String(randomInt(2 ** 31)) },
        target: { type: "string" },
        path: { type: "string", default: "" },
      },
    });
    return values;
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return process.exit(2);
  }
}

const options = readOptions();
const cases = wholeNumber(options.cases, "cases", 1);
const seed = wholeNumber(options.seed, "seed", -(2 ** 31));
const chosen = targets.filter(({ name }) => options.target === undefined || name === options.target);
if (chosen.length === 0) {
  say(`There is no target "${options.target}".\n${usage}`);
  process.exit(2);
}

const shares = chosen.reduce((sum, { share }) => sum + share, 0);
say(`Fuzz: ${cases.toLocaleString("en")} cases, seed ${seed}`);
let total = 0;
for (const target of chosen) {
  const wanted = Math.max(1, Math.round((cases * target.share) / shares));
  const { cases: done, seconds, counts, finding } = await runTarget(target, seed, wanted, options.path);
  total += done;
  const ways = [...counts].map(([name, count]) => `${count.toLocaleString("en")} ${name}`).join(", ");
  say(
    `${finding === undefined ? "✓" : "✗"} ${target.name}: ${done.toLocaleString("en")} cases in ${seconds.toFixed(1)} s`,
  );
  say(`    ${target.about}`);
  if (ways !== "") say(`    ${ways}`);
  if (finding === undefined) continue;
  say(`${finding}\n    again: npm run fuzz -- --target ${target.name} --seed ${seed} --cases ${done}`);
  process.exitCode = 1;
}
say(`${total.toLocaleString("en")} cases, ${process.exitCode === 1 ? "something was found" : "nothing found"}`);
