import { createHash } from "node:crypto";
import { existsSync, type Dirent } from "node:fs";
import { glob, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { root } from "./run.ts";

const isMade = ({ name }: Dirent) => name === "dist" || name === "node_modules";

/** SHA-256 over the names and contents of the files that match `patterns`, relative to the checkout. */
async function hashFiles(patterns: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  const paths: string[] = [];
  for await (const entry of glob([...patterns], { cwd: root, exclude: isMade, withFileTypes: true })) {
    if (entry.isFile()) paths.push(join(entry.parentPath, entry.name));
  }
  for (const path of paths.toSorted()) {
    hash
      .update(`${path.slice(root.length)}\0`)
      .update(await readFile(path))
      .update("\0");
  }
  return hash.digest("hex");
}

export interface StampedStep {
  readonly name: string;
  /** What the result depends on. */
  readonly inputs: readonly string[];
  /** What exists once it has been made; removing it makes the step run again. */
  readonly output: string;
}

/** Runs `make` unless the step was made from the same inputs before. */
export async function onceFor(step: StampedStep, make: () => Promise<void>): Promise<void> {
  const file = join(root, "node_modules", ".assay", `${step.name}.stamp`);
  const hash = await hashFiles(step.inputs);
  const made = await readFile(file, "utf8").catch(() => "");
  if (made === hash && existsSync(join(root, step.output))) return;
  await make();
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, hash);
}
