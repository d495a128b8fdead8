import { ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterAll, beforeEach, expect, test } from "vitest";
import { get, startBroker, startHttpServer } from "./fixtures/broker-harness.ts";
import { startDnsServer } from "./fixtures/dns-server.ts";
import { openCallSecrets } from "../secrets/call-secrets.ts";

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
trace.setGlobalTracerProvider(provider);
beforeEach(() => exporter.reset());
afterAll(() => trace.disable());

test("every call and lookup is a client span of the run, without query strings, and tells third parties nothing", async () => {
  const seen: string[] = [];
  const server = await startHttpServer((request, response) => {
    seen.push(...Object.keys(request.headers));
    if (request.url?.startsWith("/moved")) response.writeHead(302, { location: "/end?key=secret" });
    response.end();
  });
  const dns = await startDnsServer((name, type) =>
    name === "up.test" && type === "A" ? [{ type, data: "127.0.0.1" }] : [],
  );
  const parent = provider.getTracer("test").startSpan("run");
  const host = `up.test:${server.port}`;
  const broker = startBroker(
    { allowPrivate: ["127.0.0.1"], dnsServers: [dns.address] },
    [host, "dns:up.test"],
    trace.setSpan(ROOT_CONTEXT, parent),
  );

  await broker.send(get(`http://${host}/moved?key=secret`));
  await broker.send({ op: "dns", name: "up.test", type: "A" });
  await broker.send(get("http://elsewhere.test/?key=secret"));
  parent.end();
  await broker.close();
  await server.close();
  await dns.close();

  const spans = exporter.getFinishedSpans().filter((span) => span.name !== "run");
  expect(
    spans.map((span) => [span.name, span.attributes["url.path"], span.attributes["http.response.status_code"]]),
  ).toEqual([
    ["egress DNS up.test", undefined, undefined],
    [`egress GET ${host}`, "/moved", 302],
    [`egress GET ${host}`, "/end", 200],
    ["egress DNS up.test", undefined, undefined],
    ["egress GET elsewhere.test", "/", undefined],
  ]);
  const traceId = parent.spanContext().traceId;
  expect(spans.every((span) => span.kind === SpanKind.CLIENT && span.spanContext().traceId === traceId)).toBe(true);
  expect(spans[0]?.parentSpanContext?.spanId).toBe(spans[1]?.spanContext().spanId);
  expect(spans.at(-1)?.attributes).toMatchObject({ "error.type": "EGRESS_DENIED", "server.address": "elsewhere.test" });
  expect(JSON.stringify(spans.map((span) => [span.name, span.attributes, span.status]))).not.toContain("secret");
  expect(seen).not.toContain("traceparent");
});

test("a secret is in no span, whether it goes out, is refused or comes back", async () => {
  const server = await startHttpServer((request, response) => {
    response.writeHead(302, { location: `https://elsewhere.test${request.url}` }).end();
  });
  const parent = provider.getTracer("test").startSpan("run");
  const host = `up.test:${server.port}`;
  const broker = startBroker(
    { allowPrivate: ["127.0.0.1"], staticHosts: { "up.test": "127.0.0.1", "elsewhere.test": "127.0.0.1" } },
    [host, "*", "dns:*"],
    trace.setSpan(ROOT_CONTEXT, parent),
  );
  const slot = { value: "s3cretvalue", hosts: [host] };
  const secrets = openCallSecrets(
    [
      { ...slot, name: "KEY", exposed: false },
      { ...slot, name: "OPEN", exposed: true, value: "0penvalue" },
    ],
    { sourceId: "test", signal: new AbortController().signal },
  );
  const { KEY: key, OPEN: open } = secrets.given;
  for (const path of [`/${key}`, `/${open}`, "/s3cretvalue"])
    await broker.send(get(`http://${host}${path}`), broker.lease({ secrets }));
  for (const name of [`${key}.test`, `${open}.test`]) {
    await broker.send(get(`https://${name}/`), broker.lease({ secrets }));
    await broker.send({ op: "dns", name, type: "A" }, broker.lease({ secrets }));
  }
  parent.end();
  await broker.close();
  await server.close();

  const spans = exporter.getFinishedSpans().filter((span) => span.name !== "run");
  const text = JSON.stringify([spans.map((span) => [span.name, span.attributes, span.status]), broker.calls]);
  expect(spans.map((span) => span.attributes["url.path"])).toContain("/[secret KEY]");
  expect(spans.map((span) => span.attributes["url.path"])).toContain("/[secret OPEN]");
  expect(text).not.toMatch(/s3cretvalue|0penvalue|assaysecret/);
});
