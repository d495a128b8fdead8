import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { context, isSpanContextValid, metrics, propagation, trace, TraceFlags } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startTelemetry } from "./telemetry.ts";

let receiver: Server;
let endpoint: string;
let status: number;
const received: string[] = [];

beforeEach(async () => {
  status = 200;
  received.length = 0;
  receiver = createServer(async (request, response) => {
    received.push(`${request.url} ${(await buffer(request)).toString("latin1")}`);
    response.writeHead(status).end();
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterEach(() => receiver.close());

const spans = () => trace.getTracer("test");

test("without an endpoint nothing is recorded, yet every span has a trace id that travels on", async () => {
  const telemetry = startTelemetry({ serviceName: "test", sampleRatio: 1 });
  const headers: Record<string, string> = {};
  spans().startActiveSpan("outer", (outer) => {
    expect(isSpanContextValid(outer.spanContext())).toBe(true);
    expect(outer.isRecording()).toBe(false);
    spans().startActiveSpan("inner", (inner) => {
      expect(inner.spanContext().traceId).toBe(outer.spanContext().traceId);
      propagation.inject(context.active(), headers);
      expect(headers["traceparent"]).toContain(outer.spanContext().traceId);
    });
  });
  await telemetry.shutdown();
});

test("with an endpoint spans arrive there, at the latest on shutdown; a caller's decision not to sample is kept", async () => {
  const telemetry = startTelemetry({ serviceName: "the-service", otlpEndpoint: endpoint, sampleRatio: 1 });
  spans().startActiveSpan("wanted", (span) => span.end());
  const caller = { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: TraceFlags.NONE, isRemote: true };
  spans().startSpan("unwanted", {}, trace.setSpanContext(context.active(), caller)).end();
  await telemetry.shutdown();
  expect(received.join()).toMatch(/^\/v1\/traces /);
  expect(received.join()).toContain("the-service");
  expect(received.join()).toContain("wanted");
  expect(received.join()).not.toContain("unwanted");
});

test("what is measured arrives there as well, at the latest on shutdown", async () => {
  const telemetry = startTelemetry({ serviceName: "the-service", otlpEndpoint: endpoint, sampleRatio: 0 });
  const meter = metrics.getMeter("test");
  meter.createCounter("things.done").add(3, { kind: "wanted" });
  meter.createObservableGauge("things.left").addCallback((result) => result.observe(4711));
  await telemetry.shutdown();
  const [sent = ""] = received.filter((text) => text.startsWith("/v1/metrics "));
  for (const word of ["the-service", "things.done", "wanted", "things.left"]) expect(sent).toContain(word);
});

test("a share of 0 records nothing", async () => {
  const telemetry = startTelemetry({ serviceName: "test", otlpEndpoint: endpoint, sampleRatio: 0 });
  spans().startActiveSpan("span", (span) => span.end());
  await telemetry.shutdown();
  expect(received).toEqual([]);
});

test("an endpoint that refuses is told once, and disturbs nothing else", async () => {
  status = 400;
  const onExportError = vi.fn<(error: unknown) => void>();
  const telemetry = startTelemetry({ serviceName: "test", otlpEndpoint: endpoint, sampleRatio: 1, onExportError });
  spans().startActiveSpan("span", (span) => span.end());
  await expect.poll(() => onExportError.mock.calls.length, { timeout: 10_000 }).toBe(1);
  spans().startActiveSpan("span", (span) => span.end());
  await telemetry.shutdown();
  expect(onExportError).toHaveBeenCalledTimes(1);
});
