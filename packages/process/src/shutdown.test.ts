import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill("SIGKILL")));

/** A process of the fixture that has opened everything. */
async function open(how: string) {
  const child = fork(join(import.meta.dirname, "../fixtures/stopping.ts"), [how], { silent: true });
  children.push(child);
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = new Promise((resolve) => child.stdout?.once("end", resolve));
  const exitCode = new Promise<number | null>((resolve) =>
    child.once("exit", (code) => void ended.then(() => resolve(code))),
  );
  await expect.poll(() => said).toContain("open\n");
  return {
    child,
    exitCode,
    said: () => said.split("\n").filter((line) => /^(aborted|closed)/.test(line)),
    all: () => said,
  };
}

const inOrder = ["aborted", "closed third", "closed second", "closed first"];

test("a signal, and the loss of the parent, close everything in reverse order", async () => {
  for (const end of [
    (child: ChildProcess) => child.kill("SIGTERM"),
    (child: ChildProcess) => child.kill("SIGINT"),
    (child: ChildProcess) => child.disconnect(),
  ]) {
    const { child, exitCode, said } = await open("well");
    end(child);
    expect(await exitCode).toBe(0);
    expect(said()).toEqual(inOrder);
  }
});

test("what cannot be closed, or not in time, is named and does not stop the others from closing", async () => {
  for (const how of ["throws", "hangs"]) {
    const { child, exitCode, said, all } = await open(how);
    child.kill("SIGTERM");
    expect(await exitCode).toBe(1);
    expect(said()).toEqual(["aborted", "closed third", "closed first"]);
    expect(all()).toMatch(/second (could not be closed|did not close within 50 ms)/);
  }
});

test("an uncaught error is logged, closes everything and gives exit code 1", async () => {
  const { child, exitCode, said, all } = await open("well");
  child.send("throw");
  expect(await exitCode).toBe(1);
  expect(said()).toEqual(inOrder);
  expect(all()).toContain("unforeseen");
});

test("a person who presses Ctrl-C again is not kept waiting; the copy that npm passes on is not a second one", async () => {
  const { child, exitCode, said } = await open("hangs for long");
  child.kill("SIGINT");
  child.kill("SIGINT");
  await expect.poll(said).toContain("closed third");
  const again = setInterval(() => child.kill("SIGINT"), 100);
  expect(await exitCode).toBe(1);
  clearInterval(again);
});
