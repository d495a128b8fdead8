import type { IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { get, startBroker, startHttpServer, type TestBroker, type TestServer } from "./fixtures/broker-harness.ts";
import { countConnections } from "./fixtures/connection-watch.ts";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: TestServer;
let broker: TestBroker;
const seen: Seen[] = [];

beforeAll(async () => {
  server = await startHttpServer(async (request, response) => {
    const chunks = await request.toArray();
    const body = Buffer.concat(chunks as Buffer[]).toString("base64");
    seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    if (request.url === "/binary") return response.end(Buffer.from([0xff, 0x00, 0xfe]));
    response.setHeader("Set-Cookie", ["a=1", "b=2"]);
    return response.writeHead(request.url?.startsWith("/missing") ? 404 : 200, "Quite So").end('"grüße"');
  });
  broker = startBroker(
    { allowPrivate: ["allowed.test"], staticHosts: { "allowed.test": `127.0.0.1:${server.port}` } },
    ["allowed.test"],
  );
});

afterAll(async () => {
  await broker.close();
  await server.close();
});

describe("an allowed request", () => {
  test("arrives as it was meant, and its answer comes back whole", async () => {
    const reply = await broker.send({
      op: "http",
      method: "post",
      url: "http://Allowed.TEST./a%20b?q=%2F&q=2#fragment",
      headers: [
        ["X-Api-Key", "k"],
        ["Content-Type", "application/json"],
        ["Content-Length", "7"],
        ["Connection", "keep-alive"],
        ["Host", "Allowed.test:80"],
      ],
      bodyText: '{"ü":1}'.slice(0, 6),
    });
    expect(reply).toMatchObject({
      ok: true,
      status: 200,
      statusText: "Quite So",
      redirected: false,
      bodyText: '"grüße"',
    });
    expect(reply).toHaveProperty("url", "http://allowed.test/a%20b?q=%2F&q=2");
    expect(reply).toHaveProperty(
      "headers",
      expect.arrayContaining([
        ["Set-Cookie", "a=1"],
        ["Set-Cookie", "b=2"],
      ]),
    );
    const last = seen.at(-1);
    expect(last).toMatchObject({
      method: "POST",
      url: "/a%20b?q=%2F&q=2",
      headers: { host: "allowed.test", "x-api-key": "k", "content-length": "7" },
    });
    expect(Buffer.from(last?.body ?? "", "base64").toString()).toBe('{"ü":1');
  });

  test("carries no trace of the one who makes it", async () => {
    await broker.send(get("http://allowed.test/"));
    expect(Object.keys(seen.at(-1)?.headers ?? {}).sort()).toEqual([
      "accept",
      "accept-encoding",
      "connection",
      "host",
      "user-agent",
    ]);
  });

  test("sends and receives bytes that are not text", async () => {
    const bytes = Buffer.alloc(700_000, 0xfe).toString("base64");
    const reply = await broker.send(get("http://allowed.test/binary", { method: "PUT", bodyBase64: bytes }));
    expect(reply).toMatchObject({ ok: true, bodyBase64: "/wD+" });
    expect(seen.at(-1)?.body === bytes).toBe(true);
  });

  test("that the server answers with an error status is an answer; each call is recorded with its size", async () => {
    const from = broker.calls.length;
    expect(
      await broker.send(get("http://allowed.test/missing?key=1", { method: "POST", bodyText: "four" })),
    ).toMatchObject({ ok: true, status: 404 });
    const [record, ...others] = broker.calls.slice(from);
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      method: "POST",
      host: "allowed.test",
      path: "/missing?key=1",
      status: 404,
      requestBytes: 4,
      responseBytes: 9,
      error: "",
    });
    expect(record?.durationMs).toBeGreaterThan(0);
  });

  test("keeps its connection for the next one", async () => {
    const before = server.connections();
    for (let round = 0; round < 10; round += 1) await broker.send(get("http://allowed.test/"));
    expect(server.connections() - before).toBeLessThanOrEqual(2);
  });
});

// E05 and E06: decided on the parsed host, never on the text; nothing leaves the machine.
describe("refused before anything is sent", () => {
  const url = "http://allowed.test/";
  test.each<[string, object, RegExp]>([
    ["user name in the URL", get("http://user:pass@allowed.test/"), /user name or password/],
    ["allowed host as user name", get("http://allowed.test@evil.test/"), /user name or password/],
    ["allowed host as prefix", get("http://allowed.test.evil.test/"), /not among the allowed hosts/],
    ["allowed host in the fragment", get("http://evil.test#allowed.test"), /not among the allowed hosts/],
    ["backslash", get("http:\\\\evil.test\\@allowed.test/"), /not among the allowed hosts/],
    ["homograph", get("http://аllowed.test/"), /xn--.* is not among the allowed hosts/],
    ["two trailing dots", get("http://allowed.test../"), /not a valid host name/],
    ["another port", get("http://allowed.test:22/"), /Add "allowed\.test:22" to its hosts/],
    ["file URL", get("file:///etc/passwd"), /Only https and http/],
    ["gopher URL", get("gopher://allowed.test/"), /Only https and http/],
    ["javascript URL", get("javascript:alert(1)"), /Only https and http/],
    ["relative URL", get("/path"), /not valid/],
    ["endless URL", get(url + "a".repeat(10_000)), /longer than 8192/],
    ["line break in the URL", get("http://allowed.test/a\r\nX: y"), /control characters/],
    ["line break in a header value", get(url, { headers: [["X", "a\r\nHost: evil.test"]] }), /line break/],
    ["NUL in a header value", get(url, { headers: [["X", "a\0b"]] }), /control character/],
    ["line break in a header name", get(url, { headers: [["X\r\nY", "a"]] }), /"X\?\?Y" is not a header name/],
    ["empty header name", get(url, { headers: [["", "a"]] }), /is not a header name/],
    ["text outside Latin-1", get(url, { headers: [["X", "☃"]] }), /Latin-1/],
    ["another Host", get(url, { headers: [["host", "evil.test"]] }), /cannot differ/],
    ["Transfer-Encoding", get(url, { headers: [["Transfer-Encoding", "chunked"]] }), /cannot be set/],
    ["wrong Content-Length", get(url, { headers: [["Content-Length", "5"]] }), /does not match/],
    ["Expect", get(url, { headers: [["Expect", "100-continue"]] }), /cannot be set/],
    ["Upgrade", get(url, { headers: [["Upgrade", "websocket"]] }), /cannot be set/],
    ["Connection: upgrade", get(url, { headers: [["Connection", "Upgrade"]] }), /cannot be upgraded/],
    ["Proxy-Authorization", get(url, { headers: [["Proxy-Authorization", "x"]] }), /cannot be set/],
    ["X-Forwarded-For", get(url, { headers: [["X-Forwarded-For", "127.0.0.1"]] }), /cannot be set/],
    ["Forwarded", get(url, { headers: [["Forwarded", "for=127.0.0.1"]] }), /cannot be set/],
    [
      "too many headers",
      get(url, { headers: Array.from({ length: 65 }, (_, index) => [`x-${index}`, "a"]) }),
      /more than 64 headers/,
    ],
    ["large headers", get(url, { headers: [["x", "a".repeat(40_000)]] }), /larger than 32768 bytes/],
    ["CONNECT", get(url, { method: "CONNECT" }), /method "CONNECT" is not allowed/],
    ["TRACE", get(url, { method: "TRACE" }), /method "TRACE" is not allowed/],
    ["method with a line break", get(url, { method: "GET / HTTP/1" }), /is not allowed/],
    ["two bodies", get(url, { bodyText: "a", bodyBase64: "YQ==" }), /both bodyText and bodyBase64/],
    ["bad base64", get(url, { bodyBase64: "*" }), /bodyBase64/],
    ["large body", get(url, { method: "POST", bodyText: "a".repeat(1024 * 1024 + 1) }), /body is larger than/],
    ["unknown field", get(url, { agent: 1 }), /agent/],
    ["unknown operation", { op: "exec" }, /The request is not valid: op/],
    ["wrong type", get(url, { headers: { a: 1 } }), /The request is not valid: headers/],
    ["not an object", [], /The request is not valid/],
  ])("%s", async (_, message, reason) => {
    const before = seen.length;
    const connections = await countConnections(async () => {
      expect(await broker.send(message)).toMatchObject({
        ok: false,
        code: "EGRESS_DENIED",
        message: expect.stringMatching(reason),
      });
    });
    expect([connections, seen.length - before]).toEqual([0, 0]);
  });

  test("text that is not JSON, prototype keys, and messages beyond any size", async () => {
    const lease = broker.lease();
    for (const text of [
      "",
      "{",
      '{"op":"http","__proto__":{"method":"GET"}}',
      "[".repeat(100_000),
      `"${"a".repeat(7_000_000)}"`,
    ]) {
      expect(JSON.parse(await lease.handle(text))).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
    }
  });

  test("and an entry of hosts that is not valid opens nothing, and is named", async () => {
    const reply = await broker.send(get("http://allowed.test/"), { hosts: ["https://allowed.test"] });
    expect(reply).toMatchObject({
      code: "EGRESS_DENIED",
      host: "allowed.test",
      message: expect.stringContaining('[not valid: "https://allowed.test" is a URL'),
    });
  });
});
