import { createLogger } from "@assay/process";
import { expect, test } from "vitest";
import { startRole, type Role } from "./part.ts";
import { roleOptions } from "./roles.ts";
import { supervise } from "./supervise.ts";

const logger = createLogger({ name: "test", level: "error", format: "json" });

const start = (how: string, signal = new AbortController().signal) =>
  startRole({ name: "fixture", entry: ["scripts/fixtures/role.ts", how], env: {}, signal });

const pidOf = (role: Role) => Number(role.ready.url?.slice("process:".length));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("a role that was killed comes back by itself, again and again, until it is stopped; then none is left", async () => {
  const started: Role[] = [];
  const startAndNote = async () => {
    const role = await start("well");
    started.push(role);
    return role;
  };
  const supervised = supervise("fixture", await startAndNote(), startAndNote, logger);
  for (const count of [2, 3]) {
    process.kill(pidOf(started.at(-1) as Role), "SIGKILL");
    await expect.poll(() => started.length).toBe(count);
  }
  await supervised.restart();
  await expect.poll(() => started.length).toBe(4);
  await supervised.stop();
  expect(started.map(pidOf).filter(isAlive)).toEqual([]);
});

test("a successor that cannot be started is tried again", async () => {
  let tries = 0;
  const first = await start("well");
  const supervised = supervise("fixture", first, () => start(++tries < 2 ? "fails" : "well"), logger);
  process.kill(pidOf(first), "SIGKILL");
  await expect.poll(() => tries).toBe(2);
  await supervised.stop();
});

test("a role that ends before it is ready, or is no longer wanted, is a failure that names it", async () => {
  await expect(start("fails")).rejects.toThrow("The fixture did not start (exit code 3): see its message above.");
  const leaving = new AbortController();
  const starting = start("well", leaving.signal);
  leaving.abort();
  await expect(starting).rejects.toThrow(/^The fixture did not start \(SIGTERM\)/);
});

test("runners do not learn the backend's credentials", () => {
  const env = {
    PATH: "/usr/bin",
    DATABASE_URL: "postgresql://u:p@h/d",
    ASSAY_SESSION_SECRET: "s",
    ASSAY_ADMIN_PASSWORD: "p",
  };
  expect(roleOptions("runner-python", env).env).toEqual({ PATH: "/usr/bin" });
  expect(roleOptions("all", env).env).toEqual(env);
});
