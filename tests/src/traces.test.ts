import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Stack, startStack } from "./stack.ts";

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly service: string;
}
interface Export {
  readonly resourceSpans: {
    readonly resource: {
      readonly attributes: { readonly key: string; readonly value: { readonly stringValue?: string } }[];
    };
    readonly scopeSpans: { readonly spans: Omit<Span, "service">[] }[];
  }[];
}

const spans: Span[] = [];
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    for (const { resource, scopeSpans } of (JSON.parse(Buffer.concat(chunks).toString()) as Export).resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "";
      spans.push(...scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, service }))));
    }
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
});

let stack: Stack;
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  stack = await startStack({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
  });
});
afterAll(async () => {
  await stack.close();
  receiver.close();
});

test("one lookup is one tree of spans across the backend and both runners, down to each upstream call", async () => {
  const request = await stack.client.requests.create({ body: { data: "8.8.8.8" }, query: { wait: "60s" } });
  const ofTrace = (): Span[] => spans.filter((span) => span.traceId === request.traceId);
  await vi.waitFor(
    () => {
      const services = new Set(ofTrace().map((span) => span.service));
      expect([...services].toSorted()).toEqual(["assay-backend", "assay-runner-javascript", "assay-runner-python"]);
      expect(ofTrace().filter((span) => span.parentSpanId === undefined || span.parentSpanId === "")).toHaveLength(1);
      const names = ofTrace().map((span) => span.name);
      for (const name of [
        "POST /api/v1/requests",
        "lookup",
        "lookup.plan",
        "lookup.dispatch",
        "runner.fetchData",
        "sandbox.run",
      ])
        expect(names).toContain(name);
      expect(names.some((name) => name.startsWith("egress "))).toBe(true);
      const ids = new Set(ofTrace().map((span) => span.spanId));
      for (const span of ofTrace()) if (span.parentSpanId) expect(ids, span.name).toContain(span.parentSpanId);
    },
    { timeout: 30_000, interval: 200 },
  );
});

test("a caller's own trace is continued, and errors carry its id", async () => {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const response = await fetch(`${stack.url}/api/v1/requests/nosuchlookup`, {
    headers: {
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      authorization: `Basic ${Buffer.from(`${stack.adminEmail}:${stack.adminPassword}`).toString("base64")}`,
    },
  });
  expect([response.status, ((await response.json()) as { traceId: string }).traceId]).toEqual([404, traceId]);
});
