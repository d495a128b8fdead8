import { createHash } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { createLogger } from "@assay/process";
import { createRunnerClient, type FetchDataEvent, type RunnerClient, type SourceCall } from "@assay/proto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createEgressBroker } from "./egress/broker.ts";
import { sandboxLimits, type Executor, type SandboxCall, type SandboxOutcome } from "./executor.ts";
import { startRunner, type RunningRunner } from "./start-runner.ts";

// The language is not what these tests are about: this one runs a call until its test ends it, so that every state of a call can
// be held and looked at. The languages' own tests run the same server.
function openTestExecutor() {
  const running = new Map<string, { readonly call: SandboxCall; readonly end: (outcome: SandboxOutcome) => void }>();
  const state = { isClosed: false, forgotten: [] as string[], order: [] as string[], alone: new Set<string>() };
  const executor: Executor = {
    language: "PYTHON",
    prepare: async ({ code }) =>
      code.includes("broken") ? [{ severity: "error", message: "broken", line: 1, column: 2 }] : [],
    run: (call) =>
      new Promise((resolve) => {
        const { sourceId, code } = call.unit;
        state.order.push(sourceId);
        if (code.includes("quick")) return resolve({ kind: "returned", json: call.inputJson });
        const key = `${sourceId} ${state.order.length}`;
        const end = (outcome: SandboxOutcome): void => {
          running.delete(key);
          resolve(outcome);
        };
        running.set(key, { call, end });
        const stop = (): void => end({ kind: "failed", problem: { code: "CANCELLED", message: "stopped" } });
        call.signal.addEventListener("abort", stop, { once: true });
      }),
    isAlone: (sourceId) => state.alone.has(sourceId),
    forget: (sourceId) => void state.forgotten.push(sourceId),
    close: async () => {
      state.isClosed = true;
    },
  };
  return { executor, running, state };
}

const token = "a token that only this test knows";
const concurrency = 4;
let held: ReturnType<typeof openTestExecutor>;
let runner: RunningRunner;
let client: RunnerClient;

beforeEach(async () => {
  held = openTestExecutor();
  runner = await startRunner({
    executor: held.executor,
    egress: createEgressBroker({ allowPrivate: [], staticHosts: {} }),
    listen: "127.0.0.1:0",
    token,
    sandbox: "off",
    concurrency,
    logger: createLogger({ name: "test", level: "error", format: "pretty" }),
  });
  client = createRunnerClient(runner.address, token);
});

afterEach(async () => {
  client.close();
  await runner.close();
  expect(held.state.isClosed).toBe(true);
  expect(held.running.size).toBe(0);
});

const hashOf = (code: string): string => createHash("sha256").update(code).digest("hex");

function callOf(sourceId: string, code: string, more: Partial<SourceCall> = {}): SourceCall {
  return { sourceId, codeHash: hashOf(code), timeoutMs: 5_000, configJson: '{"a":1}', hosts: [], secrets: [], ...more };
}

const give = (sourceId: string, code: string) => client.update({ sourceId, codeHash: hashOf(code), code });

function ask(sources: SourceCall[], options: { signal?: AbortSignal; deadlineMs?: number } = {}) {
  const events: FetchDataEvent[] = [];
  const stream = client.fetchData({ lookupId: "l", indicator: { data: "d", kind: "IPV4" }, sources }, options);
  stream.on("data", (event) => events.push(event));
  const ended = new Promise<number>((resolve) => {
    stream.on("end", () => resolve(status.OK));
    stream.on("error", (error: Error & { code?: number }) => resolve(error.code ?? -1));
  });
  return { events, ended };
}

const answers = (events: FetchDataEvent[]) =>
  events.flatMap((event) => (event.event === "answer" ? [{ id: event.sourceId, ...event.answer }] : []));

describe("code by hash", () => {
  test("Init names what is missing, Update gives it, Delete takes it away", async () => {
    const sources = [{ sourceId: "s", codeHash: hashOf("quick") }];
    expect(await client.init({ sources })).toEqual({
      missingCodeHashes: [hashOf("quick")],
      language: "PYTHON",
      sandbox: "off",
    });
    expect(await give("s", "quick")).toEqual({ diagnostics: [] });
    expect(await client.init({ sources })).toMatchObject({ missingCodeHashes: [] });
    await client.delete({ sourceId: "s" });
    expect(await client.init({ sources })).toMatchObject({ missingCodeHashes: [hashOf("quick")] });
    expect(held.state.forgotten).toEqual(["s"]);
    expect((await give("s", "broken")).diagnostics).toEqual([
      { severity: "error", message: "broken", line: 1, column: 2 },
    ]);
  });

  test("code that is not what its hash says, or too long, is refused", async () => {
    const refusals = [
      { sourceId: "s", codeHash: hashOf("a"), code: "b" },
      { sourceId: "s", codeHash: "not a hash", code: "b" },
      { sourceId: "", codeHash: hashOf("b"), code: "b" },
    ];
    const long = "x".repeat(sandboxLimits.codeBytesMax + 1);
    for (const request of [...refusals, { sourceId: "s", codeHash: hashOf(long), code: long }]) {
      await expect(client.update(request)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    }
  });

  test("a call that lacks its code says so, waits for it, and goes on by itself", async () => {
    await give("known", "quick");
    const { events, ended } = ask([callOf("known", "quick"), callOf("new", "quick too")]);
    await vi.waitFor(() => expect(events).toHaveLength(2));
    expect(events).toContainEqual({ sourceId: "new", event: "missingCodeHash", missingCodeHash: hashOf("quick too") });
    expect(answers(events)).toMatchObject([{ id: "known", outcome: "ok" }]);
    await give("new", "quick too");
    expect(await ended).toBe(status.OK);
    expect(answers(events).map(({ id }) => id)).toEqual(["known", "new"]);
  });

  test("code that nobody brings is an answer before the deadline", async () => {
    const { events, ended } = ask([callOf("new", "x")], { deadlineMs: Date.now() + 1_500 });
    expect(await ended).toBe(status.OK);
    expect(answers(events)).toMatchObject([{ outcome: "failed", problem: { code: "MISSING_SOURCE_CODE" } }]);
  });
});

describe("one answer per source", () => {
  test("the sandbox gets the indicator, the configuration and the deadline as JSON", async () => {
    await give("s", "quick");
    const { events, ended } = ask([callOf("s", "quick")]);
    await ended;
    const [answer] = answers(events);
    expect(JSON.parse(answer?.resultJson ?? "")).toMatchObject({
      indicator: { data: "d", kind: "IPV4" },
      config: { a: 1 },
      deadlineMs: expect.any(Number),
    });
    expect(answer).toMatchObject({ outcome: "ok", problem: null, logs: [], http: [] });
  });

  test("a source that is asked wrongly fails alone", async () => {
    await give("good", "quick");
    const { events, ended } = ask([
      callOf("good", "quick"),
      callOf("no time", "quick", { timeoutMs: 0 }),
      callOf("no object", "quick", { configJson: "[]" }),
      callOf("no JSON", "quick", { configJson: "{" }),
      callOf("no hash", "quick", { codeHash: "x" }),
    ]);
    expect(await ended).toBe(status.OK);
    const words = answers(events).map(({ id, outcome, problem }) => `${id}: ${outcome} ${problem?.code ?? ""}`);
    expect(words.toSorted()).toEqual([
      "good: ok ",
      "no JSON: failed INTERNAL",
      "no hash: failed INTERNAL",
      "no object: failed INTERNAL",
      "no time: failed INTERNAL",
    ]);
  });

  test("a request that makes no sense as a whole is refused", async () => {
    expect(await ask([]).ended).toBe(status.INVALID_ARGUMENT);
    expect(await ask([callOf("s", "a"), callOf("s", "b")]).ended).toBe(status.INVALID_ARGUMENT);
    expect(await ask([callOf("", "a")]).ended).toBe(status.INVALID_ARGUMENT);
  });

  test("what the sandbox says comes back whole and bounded", async () => {
    await give("s", "slow");
    const { events, ended } = ask([callOf("s", "slow")]);
    await vi.waitFor(() => expect(held.running.size).toBe(1));
    const [{ call, end } = expect.fail()] = held.running.values();
    for (let line = 0; line < 1_000; line += 1) call.onLog("info", `${line} \ud800 ${"x".repeat(5_000)}`);
    expect(
      JSON.parse(
        await call.onEgress('{"op":"http","method":"GET","url":"http://h/","headers":[],"redirect":"follow"}'),
      ),
    ).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
    end({
      kind: "failed",
      problem: { code: "RATE_LIMITED", message: "m".repeat(9_000), retryAfterMs: 5, line: 2, column: 3 },
    });
    await ended;
    const [answer] = answers(events);
    expect(answer?.logs.length).toBeLessThanOrEqual(sandboxLimits.logLinesMax + 1);
    expect(answer?.logs[1]).toMatchObject({ level: "info", text: expect.stringMatching(/^1 \ufffd x/) });
    expect(answer?.logs[1]?.text).toHaveLength(sandboxLimits.logLineCharsMax);
    expect(answer?.problem).toMatchObject({ code: "RATE_LIMITED", retryAfterMs: 5, line: 2, column: 3 });
    expect(answer?.problem?.message).toHaveLength(sandboxLimits.problemMessageCharsMax);
    expect(answer?.http).toMatchObject([{ host: "h", status: 0 }]);
  });

  test("a slow source with many waiting calls does not keep others waiting", async () => {
    await give("slow", "slow");
    await give("other", "quick");
    const slow = Array.from({ length: 50 }, () => ask([callOf("slow", "slow")]));
    await vi.waitFor(() => expect(held.running.size).toBe(concurrency / 4));
    const { events, ended } = ask([callOf("other", "quick")]);
    expect(await ended).toBe(status.OK);
    expect(answers(events)).toMatchObject([{ id: "other", outcome: "ok" }]);
    while (held.state.order.length < 51) {
      await vi.waitFor(() => expect(held.running.size).toBe(1));
      for (const { end } of held.running.values()) end({ kind: "notFound" });
    }
    expect(await Promise.all(slow.map((one) => one.ended))).toEqual(slow.map(() => status.OK));
    for (const one of slow) expect(answers(one.events)).toMatchObject([{ outcome: "not_found" }]);
  });
});

test("a source that computes for long has one call under way, where others have a quarter of the places", async () => {
  const roomy = await startRunner({
    ...{ executor: held.executor, egress: createEgressBroker({ allowPrivate: [], staticHosts: {} }) },
    ...{ listen: "127.0.0.1:0", token, sandbox: "off", concurrency: 8 },
    logger: createLogger({ name: "test", level: "error", format: "pretty" }),
  });
  const other = createRunnerClient(roomy.address, token);
  const sources = ["long", "short"];
  held.state.alone.add("long");
  for (const sourceId of sources) await other.update({ sourceId, codeHash: hashOf("slow"), code: "slow" });
  const indicator = { data: "d", kind: "IPV4" };
  for (const sourceId of [...sources, ...sources, ...sources])
    other.fetchData({ lookupId: "l", indicator, sources: [callOf(sourceId, "slow")] }).on("error", () => {});
  const underWay = (): string[] => [...held.running.values()].map(({ call }) => call.unit.sourceId).toSorted();
  for (let turn = 0; turn < 3; turn += 1) {
    await vi.waitFor(() => expect(underWay()).toEqual(["long", "short", "short"]));
    for (const { call, end } of held.running.values()) if (call.unit.sourceId === "long") end({ kind: "notFound" });
  }
  other.close();
  await roomy.close();
});

describe("nobody waits for ever", () => {
  test("a cancelled call stops the user code, running and queued", async () => {
    await give("s", "slow");
    const controller = new AbortController();
    const calls = Array.from({ length: 3 }, () => ask([callOf("s", "slow")], { signal: controller.signal }));
    await vi.waitFor(() => expect(held.running.size).toBe(1));
    controller.abort();
    expect(await Promise.all(calls.map(({ ended }) => ended))).toEqual(calls.map(() => status.CANCELLED));
    await vi.waitFor(() => expect(held.running.size).toBe(0));
    await give("after", "quick");
    expect(await ask([callOf("after", "quick")]).ended).toBe(status.OK);
    expect(held.state.order.at(-1)).toBe("after");
  });

  test("a call that would miss the caller's deadline in the queue is answered before it", async () => {
    await give("s", "slow");
    const first = ask([callOf("s", "slow")]);
    await vi.waitFor(() => expect(held.running.size).toBe(1));
    const { events, ended } = ask([callOf("s", "slow")], { deadlineMs: Date.now() + 1_500 });
    expect(await ended).toBe(status.OK);
    expect(answers(events)).toMatchObject([{ outcome: "failed", problem: { code: "TIMEOUT" } }]);
    for (const { end } of held.running.values()) end({ kind: "notFound" });
    expect(await first.ended).toBe(status.OK);
  });

  test("closing says so first, stops what runs, and ends its streams as unavailable", async () => {
    await give("s", "slow");
    const health: string[] = [];
    const watch = client.healthWatch({ service: "" });
    watch.on("data", ({ status: word }) => health.push(word));
    const watchEnded = new Promise<void>((resolve) => watch.on("error", () => resolve()).on("end", () => resolve()));
    const { ended } = ask([callOf("s", "slow")]);
    await vi.waitFor(() => expect([held.running.size, health.length]).toEqual([1, 1]));
    await runner.close();
    expect(await ended).toBe(status.UNAVAILABLE);
    await watchEnded;
    expect(health).toEqual(["SERVING", "NOT_SERVING"]);
    expect(held.state.isClosed).toBe(true);
  });
});

describe("who may ask", () => {
  test("nobody without the token; whether the runner is up is no secret", async () => {
    for (const wrong of ["", "wrong", `${token} `, token.slice(1)]) {
      const stranger = createRunnerClient(runner.address, wrong);
      await expect(stranger.init({ sources: [] })).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
      expect(await stranger.healthCheck({ service: "" })).toEqual({ status: "SERVING" });
      stranger.close();
    }
    await expect(client.healthCheck({ service: "other" })).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  test("a taken port is an error that names it", async () => {
    const { executor } = openTestExecutor();
    const egress = createEgressBroker({ allowPrivate: [], staticHosts: {} });
    const logger = createLogger({ name: "test", level: "error", format: "pretty" });
    const again = startRunner({ executor, egress, listen: runner.address, token, sandbox: "off", concurrency, logger });
    await expect(again).rejects.toThrow(`cannot listen on ${runner.address}`);
  });
});
