#!/usr/bin/env node
// Plain JavaScript of long ago: an older Node has to get far enough to hand over to the one of this checkout.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const major = Number(process.versions.node.split(".")[0]);
const node24 = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));
if (major >= 24) {
  await import("../src/main.ts");
} else if (existsSync(node24)) {
  const child = spawnSync(node24, process.argv.slice(1), { stdio: "inherit" });
  process.exitCode = child.status === null ? 1 : child.status;
} else {
  process.stderr.write(
    `assay-source needs Node.js 24; this is ${process.version}. Run "npm ci", which brings it along.\n`,
  );
  process.exitCode = 1;
}
