import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { childrenOf, endOrphans, sandboxName } from "./orphans.ts";

async function start(command: string, args: string[], argv0: string) {
  const child = spawn(command, args, { argv0, stdio: "ignore" });
  await once(child, "spawn");
  return child;
}

test("what a runner that is gone left while it started is ended, what a living one starts is not", async () => {
  const gone = await start("true", [], "true");
  await once(gone, "exit");
  const [orphan, own, other] = await Promise.all([
    start("sleep", ["60"], sandboxName(gone.pid ?? 0)),
    start("sleep", ["60"], sandboxName(process.pid)),
    start("sleep", ["60"], "sleep"),
  ]);
  expect(childrenOf(process.pid)).toEqual(expect.arrayContaining([orphan.pid, own.pid, other.pid]));
  const ended = once(orphan, "exit");
  endOrphans();
  expect(await ended).toEqual([null, "SIGKILL"]);
  expect([own, other].map(({ pid }) => process.kill(pid ?? 0, 0))).toEqual([true, true]);
  const rest = Promise.all([once(own, "exit"), once(other, "exit")]);
  own.kill();
  other.kill();
  await rest;
});
