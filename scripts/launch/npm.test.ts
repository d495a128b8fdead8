import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const script = join(import.meta.dirname, "../fixtures/under-npm.ts");

const isAlive = (pid: number) =>
  existsSync(`/proc/${pid}/stat`) && !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");

test("kill -9 of npm ends what it had started, with and without a shell in between", async () => {
  for (const line of [`"$NODE" "$SCRIPT" & wait`, `sh -c '"$NODE" "$SCRIPT"; true' & wait`]) {
    const npm = spawn("bash", ["-c", line], {
      env: { NODE: process.execPath, SCRIPT: script, PATH: "/usr/bin:/bin" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said]: Buffer[] = await once(npm.stdout, "data");
    const pid = Number(String(said));
    expect(isAlive(pid)).toBe(true);
    npm.kill("SIGKILL");
    await expect.poll(() => isAlive(pid)).toBe(false);
  }
});
