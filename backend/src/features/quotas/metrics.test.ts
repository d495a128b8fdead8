import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { startTelemetry } from "@assay/process";
import { expect, test } from "vitest";
import { startTestBackend } from "../../testing.ts";
import { testSource } from "../lookups/fixtures.ts";

test("what is left of quotas, and what they held back, is measured by names, without values", async () => {
  const received: string[] = [];
  const receiver = createServer(async (request, response) => {
    received.push(`${request.url} ${(await buffer(request)).toString("latin1")}`);
    response.writeHead(200).end();
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const otlpEndpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const telemetry = startTelemetry({ serviceName: "backend", otlpEndpoint, sampleRatio: 0 });
  const backend = await startTestBackend();
  const client = backend.client(await backend.token());
  const value = "planted-value-of-metrics";
  const quota = [{ limit: 4, per: "minute" }];
  await client.secrets.create({ body: { name: "Measured key", value, hosts: ["api.example.org"], quota } });
  const limits = {
    enabled: true,
    quota: [{ limit: 1, per: "hour" }],
    reservePercent: 0,
    callsPerLookup: 1,
    waitMs: 0,
    countedFor: "counted00000",
  };
  const { quotas, store } = backend.backend.secrets;
  const asking = { callerClass: "api" as const, deadlineAtMs: Date.now(), signal: new AbortController().signal };
  const source = testSource("measured", { limits });
  const outcomes = [await quotas.admit([source], asking, store), await quotas.admit([source], asking, store)].flat();
  expect(outcomes.map((ticket) => ticket.at === "once" && Object.keys(ticket.outcome))).toEqual([
    ["admission"],
    ["refusal"],
  ]);
  await telemetry.shutdown();
  await backend.close();
  receiver.close();
  const sent = received.filter((text) => text.startsWith("/v1/metrics ")).join();
  for (const word of ["assay.quota.remaining", "Measured key", "minute", "assay.quota.refused", "spent"])
    expect(sent).toContain(word);
  expect(sent).not.toContain(value);
});
