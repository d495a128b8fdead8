import { createHash } from "node:crypto";
import { getPriority } from "node:os";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { detectFence, type Executor, type Fence, type SandboxCall, type SandboxOutcome } from "@assay/runner-common";
import { createJavascriptExecutor } from "./executor.ts";
import { cpuTicks, hostPids } from "./testing-hosts.ts";

const processes = 2;
/** One more is kept warm, and one runs what computes much. */
const hosts = processes + 2;
let fence: Fence;
let executor: Executor;

beforeEach(async () => {
  fence = await detectFence({ sandbox: "on" });
  executor = await createJavascriptExecutor({ fence, processes });
});

afterEach(async () => {
  await executor.close();
  fence.close();
  expect(hostPids()).toEqual([]);
});

const denied = '{"ok":false,"code":"EGRESS_DENIED","message":"denied","host":"h"}';

function run(sourceId: string, body: string, more: Partial<SandboxCall> = {}): Promise<SandboxOutcome> {
  const code = `export async function fetchData(indicator, context) { ${body} }`;
  const codeHash = createHash("sha256").update(code).digest("hex");
  const timeoutMs = more.timeoutMs ?? 5_000;
  return executor.run({
    unit: { sourceId, codeHash, code },
    inputJson: `{"indicator":{"data":"d","kind":"DOMAIN"},"config":{},"deadlineMs":${Date.now() + timeoutMs}}`,
    timeoutMs,
    signal: new AbortController().signal,
    onEgress: async () => denied,
    onLog: () => undefined,
    ...more,
  });
}

const fine = { kind: "returned", json: '{"fine":true}' } as const;
const patient = "await new Promise((resolve) => setTimeout(resolve, 700)); return { fine: true };";
const unstoppable = "let b = 1n; for (;;) b = (b << 1000000n) | b;";

describe("a lost host", () => {
  test("kill -9 of every host: calls under way run again, and all hosts are back", async () => {
    const started = vi.fn<() => void>();
    const calls = Array.from({ length: 6 }, (_, index) =>
      run(`s${index}`, `console.log("started"); ${patient}`, { onLog: started }),
    );
    await vi.waitFor(() => expect(started).toHaveBeenCalledTimes(6));
    const before = hostPids();
    expect(before).toHaveLength(hosts);
    for (const pid of before) process.kill(pid, "SIGKILL");
    expect(await Promise.all(calls)).toEqual(calls.map(() => fine));
    await vi.waitFor(() => expect(hostPids()).toHaveLength(hosts), { timeout: 10_000 });
    expect(hostPids().filter((pid) => before.includes(pid))).toEqual([]);
  });

  test("a source that takes its host down fails alone; who shared the host runs again", async () => {
    const neighbours = Array.from({ length: 6 }, (_, index) => run(`n${index}`, patient));
    const overdue = run("overdue", unstoppable, { timeoutMs: 200 });
    const bomb = run("bomb", "return { n: 'x'.repeat(2 ** 28).split('').length };");
    expect(await overdue).toMatchObject({ kind: "failed", problem: { code: "TIMEOUT", limit: "wall" } });
    expect(await bomb).toMatchObject({ kind: "failed" });
    expect(await Promise.all(neighbours)).toEqual(neighbours.map(() => fine));
  });

  test("a source that does it again rests, and says so", async () => {
    const outcomes: SandboxOutcome[] = [];
    for (let count = 0; count < 3; count += 1) outcomes.push(await run("again", unstoppable, { timeoutMs: 100 }));
    expect(outcomes.map((outcome) => outcome.kind === "failed" && outcome.problem.code)).toEqual([
      "TIMEOUT",
      "TIMEOUT",
      "SANDBOX_LIMIT",
    ]);
    expect(outcomes[2]).toMatchObject({ problem: { message: expect.stringContaining("rests for another 1 s") } });
    expect(executor.isAlone("again")).toBe(true);
    expect(await run("other", "return { fine: true };")).toEqual(fine);
  });

  test("an error at the top level that hangs whoever looks at it costs its host, not the runner", async () => {
    const code = "throw new Proxy(new Error(), { get() { for (;;); } }); export function fetchData() {}";
    const unit = { sourceId: "top", code, codeHash: createHash("sha256").update(code).digest("hex") };
    expect(await run("top", "", { unit, timeoutMs: 200 })).toMatchObject({ kind: "failed" });
    expect(await run("other", "return { fine: true };")).toEqual(fine);
  });
});

describe("a cancelled call", () => {
  test("ends at once, also where only a kill ends its code; calls of the same source go on", async () => {
    const started = vi.fn<() => void>();
    const ends = new AbortController();
    const options = { signal: ends.signal, onLog: started };
    const calls = ["for (;;);", unstoppable, "await new Promise(() => {});"].map((body, index) =>
      run(`c${index}`, `console.log("started"); ${body}`, options),
    );
    const same = run("c3", patient);
    const cancelledOfSame = run("c3", patient, options);
    await vi.waitFor(() => expect(started).toHaveBeenCalledTimes(3));
    ends.abort();
    const cancelled = { kind: "failed", problem: { code: "CANCELLED" } };
    expect(await Promise.all([...calls, cancelledOfSame])).toMatchObject([cancelled, cancelled, cancelled, cancelled]);
    expect(await same).toEqual(fine);
    expect(await run("after", "return { fine: true };")).toEqual(fine);
  });

  test("closing ends all that runs", async () => {
    const calls = Array.from({ length: 4 }, (_, index) => run(`s${index}`, "for (;;);"));
    await executor.close();
    expect(hostPids()).toEqual([]);
    for (const outcome of await Promise.all(calls)) {
      expect(outcome).toMatchObject({ kind: "failed", problem: { code: "CANCELLED" } });
    }
  });
});

describe("a source that computes much", () => {
  const computing = `for (let n = 0; n < 3e7; n++); return { fine: true };`;
  const lowered = (pids: readonly number[]): number[] => pids.filter((pid) => getPriority(pid) > getPriority());

  test("gets its answer, and gets its host to itself", async () => {
    expect(lowered(hostPids())).toHaveLength(1);
    const ends = new AbortController();
    const loops = Array.from({ length: 3 }, () => run("much", "for (;;);", { timeoutMs: 60_000, signal: ends.signal }));
    // Its calls are in one host; that one is lowered, and another takes its place.
    await vi.waitFor(() => expect(lowered(hostPids())).toHaveLength(2), { timeout: 10_000 });
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => run(`o${index}`, "return { fine: true };")),
    );
    expect(outcomes).toEqual(outcomes.map(() => fine));
    ends.abort();
    for (const outcome of await Promise.all(loops)) expect(outcome).toMatchObject({ problem: { code: "CANCELLED" } });
    await vi.waitFor(() => expect(hostPids()).toHaveLength(hosts), { timeout: 10_000 });
    expect(lowered(hostPids())).toHaveLength(1);
    expect(await run("much", computing, { timeoutMs: 30_000 })).toEqual(fine);
  });

  test("runs apart from then on, and no other source's call is given to its host", async () => {
    const [low = expect.fail()] = lowered(hostPids());
    expect(await run("much", computing, { timeoutMs: 30_000 })).toEqual(fine);
    const before = cpuTicks(low);
    const again = run("much", computing, { timeoutMs: 60_000 });
    await vi.waitFor(() => expect(cpuTicks(low)).toBeGreaterThan(before + 3), { timeout: 30_000 });
    // Whoever were given to it would get no answer.
    process.kill(low, "SIGSTOP");
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => run(`o${index}`, "return { fine: true };")),
    );
    process.kill(low, "SIGCONT");
    expect(outcomes).toEqual(outcomes.map(() => fine));
    expect(await again).toEqual(fine);
    expect(lowered(hostPids())).toEqual([low]);
  });

  test("a source that waits is none", async () => {
    const waiting = "await new Promise((resolve) => setTimeout(resolve, 300)); return { fine: true };";
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => run("patient", waiting)));
    expect(outcomes).toEqual(outcomes.map(() => fine));
    expect(executor.isAlone("patient")).toBe(false);
    expect(lowered(hostPids())).toHaveLength(1);
  });
});

describe("many calls", () => {
  test("endless loops of one source leave the others their answers", async () => {
    const loops = Array.from({ length: 16 }, () => run("loop", "for (;;);", { timeoutMs: 1_000 }));
    const others = Array.from({ length: 40 }, (_, index) => run(`o${index % 8}`, "return { fine: true };"));
    expect(await Promise.all(others)).toEqual(others.map(() => fine));
    for (const outcome of await Promise.all(loops)) {
      expect(outcome).toMatchObject({ kind: "failed", problem: { code: "TIMEOUT" } });
    }
  });

  test("what is forgotten is compiled anew, and many sources share the hosts", async () => {
    const sources = Array.from({ length: 120 }, (_, index) => `m${index}`);
    for (const pass of [1, 2]) {
      const outcomes = await Promise.all(sources.map((id) => run(id, `return { id: "${id}", pass: ${pass} };`)));
      expect(outcomes).toEqual(sources.map((id) => ({ kind: "returned", json: `{"id":"${id}","pass":${pass}}` })));
      for (const id of sources) executor.forget(id);
    }
  });
});
