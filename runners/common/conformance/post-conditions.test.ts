import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer } from "@assay/proto";
import { expect, test } from "vitest";
import { takeCensus } from "./census.ts";
import type { ConformanceCase } from "./conformance-case.ts";
import { languageTraits } from "./languages.ts";
import { answerFaults, remainingFaults } from "./post-conditions.ts";

/** On a message: a process, a descriptor, a file and memory more, all of it kept. */
const leaking = `
process.send("up");
process.on("message", () => {
  const { openSync, writeFileSync } = require("node:fs");
  globalThis.kept = Buffer.alloc(300 * 2 ** 20, 1);
  openSync("/dev/null");
  writeFileSync(process.argv[1] + "/left", "");
  require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]).once("spawn", () => process.send("left"));
});`;

test("what a runner keeps after an attack is seen, and so is its end", async () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-census-"));
  const child = fork("-e", [leaking, folder], { execArgv: [] });
  try {
    await once(child, "message");
    const pid = child.pid ?? 0;
    const census = () => takeCensus(pid, folder);
    const baseline = census();
    const hasExited = (): boolean => child.signalCode !== null;
    const process = { pid, address: "", errors: () => [], hasExited, stop: () => Promise.resolve(null) };
    const held = { process, census, baseline, traits: languageTraits.JAVASCRIPT };
    expect(remainingFaults(held, baseline.sandboxTicks)).toEqual([]);
    child.send("leak");
    await once(child, "message");
    const faults = remainingFaults(held, census().sandboxTicks).join("\n");
    for (const what of ["sandboxes: 1", "descriptors", "temporary files: 1", "memory of the runner"])
      expect(faults).toContain(what);
    for (const one of census().processes) globalThis.process.kill(one, "SIGKILL");
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
    expect(remainingFaults(held, 0)).toEqual(["the runner has ended"]);
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
});

test("an answer with the wrong end, the wrong words or a place of the host is seen", () => {
  const attack: ConformanceCase = {
    ...{ id: "J00", name: "name", code: {}, timeoutMs: 1, happens: "happens", heldBy: "limit" },
    ...{ expected: ["ok", "SANDBOX_LIMIT"], result: { fine: true }, message: /memory/, limit: "memory", log: /cut/ },
  };
  const timing = { queuedMs: 0, sandboxMs: 0, upstreamMs: 0 };
  const details = { line: 0, column: 0, host: "", retryAfterMs: 0, status: 0 };
  const log = { atMs: 0, level: "info", text: "cut" } as const;
  const ok: Answer = { outcome: "ok", resultJson: '{"fine":true}', problem: null, timing, logs: [log], http: [] };
  const problem = { ...details, code: "SANDBOX_LIMIT", message: "memory", limit: "memory" };
  const failed: Answer = { ...ok, outcome: "failed", resultJson: "", problem };
  expect([ok, failed].flatMap((answer) => answerFaults(answer, attack, ["secret"]))).toEqual([]);
  const wrong: Answer[] = [
    { ...ok, outcome: "not_found" },
    { ...ok, resultJson: '{"fine":false}' },
    { ...ok, logs: [] },
    { ...ok, logs: [log, { ...log, text: "at /usr/lib/node" }] },
    { ...ok, logs: [log, { ...log, text: "the secret" }] },
    { ...failed, problem: { ...problem, code: "TIMEOUT" } },
    { ...failed, problem: { ...problem, message: "none" } },
    { ...failed, problem: { ...problem, limit: "wall" } },
  ];
  for (const answer of wrong) expect(answerFaults(answer, attack, ["secret"])).toHaveLength(1);
});
