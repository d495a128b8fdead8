import { setTimeout as passed } from "node:timers/promises";
import { Client, credentials, Metadata, status } from "@grpc/grpc-js";
import { createLogger } from "@assay/process";
import { RunnerService, type Answer, type FetchDataEvent, type FetchDataRequest } from "@assay/proto";
import { createEgressBroker, detectFence, startRunner } from "@assay/runner-common";
import fc from "fast-check";
import { createJavascriptExecutor } from "../runners/javascript/src/executor.ts";
import { changed, changes } from "./frame-arbitrary.ts";
import { createCounts, fault, type FuzzTarget, type OpenTarget } from "./fuzz-target.ts";
import { askedWith, calm, failing, type Asked } from "./runner-request-arbitrary.ts";

const token = "a token that only this run knows";
const deadlineMs = 20_000;
const calmEvery = 25;
/** INTERNAL is what gRPC says to bytes that are no message, CANCELLED what this client asked for. */
const properStatuses = new Set([
  status.OK,
  status.INVALID_ARGUMENT,
  status.INTERNAL,
  status.CANCELLED,
  status.UNAUTHENTICATED,
]);
const outcomes = ["ok", "not_found", "failed"];

interface Ended {
  readonly code: status;
  readonly events: readonly FetchDataEvent[];
}

function requestOf(bytes: Buffer): FetchDataRequest | undefined {
  try {
    return RunnerService.FetchData.requestDeserialize(bytes);
  } catch {
    return undefined;
  }
}

function checkAnswer({ outcome, problem, resultJson }: Answer): void {
  if (!outcomes.includes(outcome) || (problem === null) !== (outcome !== "failed")) fault(`an answer ${outcome}`);
  if (outcome === "ok") JSON.parse(resultJson);
  if (problem !== null && !/^[A-Z_]+$/.test(problem.code)) fault(`a problem ${problem.code}`);
}

async function open(): Promise<OpenTarget> {
  const counts = createCounts();
  const fence = await detectFence({ sandbox: "on" });
  const runner = await startRunner({
    ...{
      executor: await createJavascriptExecutor({ fence, processes: 1 }),
      egress: createEgressBroker({ allowPrivate: [], staticHosts: {} }),
    },
    ...{ listen: "127.0.0.1:0", token, sandbox: fence.kind, concurrency: 16 },
    logger: createLogger({ name: "fuzz", level: "error", format: "json" }),
  });
  const client = new Client(runner.address, credentials.createInsecure());
  const keep = (bytes: Buffer): Buffer => bytes;

  function ask({ method, bytes }: Asked, given: string): Promise<Ended> {
    const metadata = new Metadata();
    if (given !== "") metadata.set("authorization", `Bearer ${given}`);
    const { path, responseStream } = RunnerService[method];
    const options = { deadline: Date.now() + deadlineMs };
    const events: FetchDataEvent[] = [];
    return new Promise((resolve) => {
      if (!responseStream) {
        client.makeUnaryRequest(path, keep, keep, bytes, metadata, options, (error) =>
          resolve({ code: error === null ? status.OK : error.code, events }),
        );
        return;
      }
      const stream = client.makeServerStreamRequest(
        path,
        keep,
        RunnerService.FetchData.responseDeserialize,
        bytes,
        metadata,
        options,
      );
      stream.on("data", (event: FetchDataEvent) => {
        events.push(event);
        // Nobody has that code; the runner would wait for it until the deadline.
        if (event.event === "missingCodeHash") stream.cancel();
      });
      stream.on("error", () => {});
      stream.on("status", ({ code }) => resolve({ code, events }));
    });
  }

  async function give(source: typeof calm): Promise<void> {
    const { code } = await ask({ method: "Update", bytes: RunnerService.Update.requestSerialize(source) }, token);
    if (code !== status.OK) fault(`known code is refused with ${status[code]}`);
  }

  async function askCalmly(): Promise<void> {
    await give(calm);
    const { sourceId, codeHash } = calm;
    const request = {
      ...{ lookupId: "calm", indicator: { data: "8.8.8.8", kind: "IPV4" } },
      sources: [{ sourceId, codeHash, timeoutMs: 5000, configJson: '{"a":1}', hosts: [], secrets: [] }],
    };
    const { code, events } = await ask(
      { method: "FetchData", bytes: RunnerService.FetchData.requestSerialize(request) },
      token,
    );
    const [only] = events;
    const result = only?.event === "answer" ? only.answer.resultJson : "";
    if (code !== status.OK || events.length !== 1 || result !== '{"data":"8.8.8.8","config":{"a":1}}')
      fault(`a calm call ended with ${status[code]} and ${JSON.stringify(events)}`);
  }

  let cases = 0;
  const arbitrary = fc.record({
    asked: askedWith((bytes) => changes.map((list) => changed(bytes, list))),
    given: fc.constantFrom(...Array.from({ length: 12 }, () => token), "", `${token} x`, "other"),
  });
  const property = fc.asyncProperty(arbitrary, async ({ asked, given }) => {
    const { code, events } = await ask(asked, given);
    if (!properStatuses.has(code)) fault(`ended with ${status[code]}`);
    if (given !== token && code !== status.UNAUTHENTICATED) fault(`let in with another token: ${status[code]}`);
    const isMissing = events.some(({ event }) => event === "missingCodeHash");
    if (code === status.CANCELLED && !isMissing) fault("cancelled by itself");
    for (const event of events) if (event.event === "answer") checkAnswer(event.answer);
    if (asked.method === "FetchData" && code === status.OK) {
      const ids = requestOf(asked.bytes)?.sources.map(({ sourceId }) => sourceId) ?? [];
      if (
        events
          .map(({ sourceId }) => sourceId)
          .sort()
          .join("\n") !== ids.sort().join("\n")
      )
        fault(`asked ${JSON.stringify(ids)}, answered ${JSON.stringify(events.map(({ sourceId }) => sourceId))}`);
    }
    counts.add(isMissing ? "lacking code" : status[code]);
    for (const event of events)
      if (event.event === "answer") counts.add(`answers ${event.answer.problem?.code ?? event.answer.outcome}`);
    cases += 1;
    if (cases % calmEvery === 0) await askCalmly();
  });
  await give(calm);
  await give(failing);
  return {
    property: property as OpenTarget["property"],
    counts,
    async examine() {
      await askCalmly();
      // What is late would be an exception by now.
      await passed(100);
    },
    async close() {
      client.close();
      await runner.close();
      fence.close();
    },
  };
}

export const runnerMessages: FuzzTarget = {
  name: "runner-messages",
  about: `messages and bytes → a real runner with real JavaScript sandboxes over gRPC, a calm call after every ${calmEvery}`,
  share: 5_000,
  open,
};
