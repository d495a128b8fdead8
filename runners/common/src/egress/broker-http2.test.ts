import { once } from "node:events";
import { constants, createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from "node:http2";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { EgressLimits } from "./broker.ts";
import { get, startBroker, type TestBroker } from "./fixtures/broker-harness.ts";
import { createTestCertificates, type TestCertificates } from "./fixtures/certificates.ts";
import { startProxy } from "./fixtures/proxy-server.ts";

const url = "https://up.test/";
let certificates: TestCertificates;
let identity: { readonly key: Buffer; readonly cert: Buffer };

beforeAll(() => {
  certificates = createTestCertificates();
  identity = certificates.issue(["up.test"]);
});
afterAll(() => certificates.remove());

function brokerFor(port: number, limits: Partial<EgressLimits> = {}): TestBroker {
  const staticHosts = { "up.test": `127.0.0.1:${port}` };
  const broker = startBroker({ allowPrivate: ["up.test"], staticHosts, limits, caFile: certificates.caFile }, [
    "up.test",
  ]);
  onTestFinished(() => broker.close());
  return broker;
}

type OnStream = (stream: ServerHttp2Stream, headers: Record<string, unknown>) => void;

/** A real HTTP/2 server, which speaks HTTP/1.1 to those who want that. */
async function startServer(
  onStream: OnStream,
): Promise<{ readonly port: number; readonly server: Http2SecureServer; sessions(): number }> {
  const server = createSecureServer({ ...identity, allowHTTP1: true });
  let sessions = 0;
  server.on("session", (session) => {
    sessions += 1;
    session.on("error", () => undefined);
    onTestFinished(() => session.destroy());
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    onStream(stream, headers);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, server, sessions: () => sessions };
}

const frame = (type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)) =>
  Buffer.concat([Buffer.from([0, payload.length >> 8, payload.length & 255, type, flags, 0, 0, 0, stream]), payload]);
const settings = frame(4, 0, 0);
/** `:status: 200` from the static table. */
const head200 = frame(1, 4, 1, Buffer.from([0x88]));

/** A server that negotiates h2 and then sends whatever `talk` writes, once a request is there. */
async function startRawHttp2(talk: (socket: TLSSocket) => void): Promise<number> {
  const server = createTlsServer({ ...identity, ALPNProtocols: ["h2"] }, (socket) => {
    socket.on("error", () => undefined).once("data", () => (socket.write(settings), talk(socket)));
    socket.on("data", () => undefined);
    onTestFinished(() => void socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function forEver(socket: TLSSocket, chunk: Buffer): void {
  if (!socket.destroyed) socket.write(chunk, (error) => error ?? setImmediate(() => forEver(socket, chunk)));
}

describe("an upstream that chooses HTTP/2", () => {
  test("is spoken to in it: one connection for all, the request as it was meant, the answer whole", async () => {
    const seen: Record<string, unknown>[] = [];
    let open = 0;
    let openMost = 0;
    const { port, sessions } = await startServer((stream, headers) => {
      seen.push(headers);
      open += 1;
      openMost = Math.max(open, openMost);
      const body: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => body.push(chunk)).on("close", () => (open -= 1));
      stream.on("end", () => {
        stream.respond({ ":status": 200, "content-encoding": "gzip", "set-cookie": ["a=1", "b=2"], "x-one": "1" });
        stream.end(gzipSync(`got ${Buffer.concat(body).toString()}`));
      });
    });
    const broker = brokerFor(port, { connectionsPerTargetMax: 3, concurrentMax: 10 });
    const message = get(url, {
      method: "POST",
      bodyText: "hello",
      headers: [
        ["X-Mine", "1"],
        ["Connection", "close"],
      ],
    });
    expect(await broker.send(message)).toEqual({
      ok: true,
      status: 200,
      statusText: "",
      url,
      redirected: false,
      headers: expect.arrayContaining([
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
        ["x-one", "1"],
      ]),
      bodyText: "got hello",
    });
    expect(seen[0]).toMatchObject({ ":authority": "up.test", ":method": "POST", "x-mine": "1", "content-length": "5" });
    const replies = await Promise.all(Array.from({ length: 12 }, () => broker.send(get(url))));
    expect(replies.filter(({ ok }) => ok)).toHaveLength(12);
    expect([sessions(), openMost]).toEqual([1, 3]);
    expect(broker.calls[0]).toMatchObject({ status: 200, requestBytes: 5, error: "" });
  });

  test("sees a request reset when its run is cancelled, and others on the connection go on", async () => {
    const codes: number[] = [];
    const held: ServerHttp2Stream[] = [];
    const { port, sessions } = await startServer((stream, headers) => {
      stream.on("close", () => codes.push(stream.rstCode));
      if (headers[":path"] === "/held") held.push(stream);
      else stream.respond({ ":status": 200 }, { endStream: true });
    });
    const broker = brokerFor(port);
    expect(await broker.send(get(url))).toMatchObject({ ok: true });
    const stopping = new AbortController();
    const cancelled = broker.send(get(`${url}held`), { signal: stopping.signal });
    const lease = broker.lease();
    const closed = broker.send(get(`${url}held`), lease);
    const other = broker.send(get(`${url}held`));
    await vi.waitFor(() => expect(held).toHaveLength(3));
    stopping.abort();
    lease.close();
    expect([await cancelled, await closed]).toMatchObject([{ code: "EGRESS_DENIED" }, { code: "EGRESS_DENIED" }]);
    await vi.waitFor(() =>
      expect(codes.filter((code) => code === constants.NGHTTP2_CANCEL || code === 0)).toHaveLength(3),
    );
    held.at(-1)?.respond({ ":status": 204 }, { endStream: true });
    expect(await other).toMatchObject({ ok: true, status: 204 });
    expect(sessions()).toBe(1);
  });

  test("shows a certificate for its name, or nothing is sent", async () => {
    let streams = 0;
    const { port } = await startServer(() => (streams += 1));
    const staticHosts = { "else.test": `127.0.0.1:${port}` };
    const broker = startBroker({ allowPrivate: ["else.test"], staticHosts, caFile: certificates.caFile }, [
      "else.test",
    ]);
    onTestFinished(() => broker.close());
    expect(await broker.send(get("https://else.test/"))).toMatchObject({
      message: expect.stringMatching(/for another host/),
    });
    expect(streams).toBe(0);
  });
});

test("HTTP/2 is spoken through a proxy as well", async () => {
  const { port, sessions } = await startServer((stream) => (stream.respond({ ":status": 200 }), stream.end("over h2")));
  const proxy = await startProxy({ kind: "http", route: () => ({ port }) });
  const broker = startBroker(
    {
      caFile: certificates.caFile,
      proxy: { url: `http://127.0.0.1:${proxy.port}`, resolver: "proxy", bypass: [] },
      dnsServers: ["127.0.0.1:9"],
    },
    ["up.test"],
  );
  onTestFinished(async () => (await broker.close(), proxy.close()));
  for (let round = 0; round < 2; round += 1)
    expect(await broker.send(get(url))).toMatchObject({ ok: true, bodyText: "over h2" });
  expect([sessions(), proxy.asked]).toEqual([1, ["up.test:443"]]);
});

describe("over HTTP/2 the limits are the same:", () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  const headers = (count: number, size: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, "a".repeat(size)]));
  test.each<[string, OnStream, string, RegExp]>([
    [
      "a large body",
      (stream) => (stream.respond({ ":status": 200 }), stream.end(Buffer.alloc(2_000_000))),
      "BAD_RESPONSE",
      /more than 1048576 bytes long/,
    ],
    [
      "a bomb",
      (stream) => (stream.respond({ ":status": 200, "content-encoding": "gzip" }), stream.end(bomb)),
      "BAD_RESPONSE",
      /compressed by more than|after decompression/,
    ],
    [
      "65 headers",
      (stream) => stream.respond({ ":status": 200, ...headers(65, 1) }, { endStream: true }),
      "BAD_RESPONSE",
      /more than 64 headers/,
    ],
    [
      "200 headers",
      (stream) => stream.respond({ ":status": 200, ...headers(200, 1) }, { endStream: true }),
      "BAD_RESPONSE",
      /headers/,
    ],
    [
      "headers of 40 kB",
      (stream) => stream.respond({ ":status": 200, ...headers(40, 1000) }, { endStream: true }),
      "BAD_RESPONSE",
      /headers .*larger/,
    ],
    [
      "1xx without end",
      (stream) => {
        for (let index = 0; index < 20; index += 1) stream.additionalHeaders({ ":status": 103, link: "a" });
      },
      "BAD_RESPONSE",
      /1xx/,
    ],
    ["silence", () => undefined, "TIMEOUT", /too long to answer/],
    [
      "silence inside the body",
      (stream) => (stream.respond({ ":status": 200 }), stream.write("abc")),
      "TIMEOUT",
      /fell silent/,
    ],
    ["a reset", (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR), "UPSTREAM_ERROR", /./],
    [
      "a wrong length",
      (stream) => (stream.respond({ ":status": 200, "content-length": "9" }), stream.end("abc")),
      "BAD_RESPONSE",
      /not valid HTTP/,
    ],
    ["the connection closed", (stream) => stream.session?.destroy(), "UPSTREAM_ERROR", /./],
    ["refusing every stream", (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM), "UPSTREAM_ERROR", /./],
    [
      "going away",
      (stream) => stream.session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM),
      "BAD_RESPONSE",
      /refuses further requests/,
    ],
  ])("%s", async (_, talk, code, message) => {
    const { port } = await startServer(talk);
    const broker = brokerFor(port, { headersTimeoutMs: 300, bodyIdleTimeoutMs: 300 });
    const reply = await broker.send(get(url), { deadlineMs: Date.now() + 5_000 });
    expect(reply).toMatchObject({ ok: false, code, message: expect.stringMatching(message), host: "up.test" });
  });
});

test("an answer that is reset in its body is not taken for a whole one", async () => {
  const broken = [head200, frame(0, 0, 1, Buffer.from("abc")), frame(3, 0, 1, Buffer.from([0, 0, 0, 2]))];
  const broker = brokerFor(await startRawHttp2((socket) => socket.write(Buffer.concat(broken))));
  expect(await broker.send(get(url))).toMatchObject({
    ok: false,
    code: "UPSTREAM_ERROR",
    message: "up.test broke off its answer (HTTP/2 error 2).",
  });
});

describe("a server that floods an HTTP/2 connection ends its call, and the broker keeps its memory:", () => {
  test.each<[string, Buffer]>([
    ["PING", frame(6, 0, 0, Buffer.alloc(8))],
    ["SETTINGS", settings],
    ["SETTINGS with values", frame(4, 0, 0, Buffer.from([0, 4, 0, 0, 255, 255]))],
    ["WINDOW_UPDATE", frame(8, 0, 0, Buffer.from([0, 0, 0, 1]))],
    ["frames of no known type", frame(0x7f, 0, 0, Buffer.alloc(100))],
    ["RST_STREAM of streams there never were", frame(3, 0, 9, Buffer.alloc(4))],
    ["empty DATA", Buffer.concat([head200, frame(0, 0, 1)])],
    [
      "CONTINUATION",
      Buffer.concat([
        frame(1, 0, 1, Buffer.from([0x88])),
        ...Array.from({ length: 100 }, () => frame(9, 0, 1, Buffer.from([0x88]))),
      ]),
    ],
    ["PUSH_PROMISE", frame(5, 4, 1, Buffer.from([0, 0, 0, 2, 0x82]))],
    [
      "DATA after a reset",
      Buffer.concat([frame(3, 0, 1, Buffer.from([0, 0, 0, 8])), frame(0, 0, 1, Buffer.alloc(1000))]),
    ],
    ["headers again and again", head200],
  ])("%s", async (_, piece) => {
    const port = await startRawHttp2((socket) =>
      forEver(socket, Buffer.concat(Array.from({ length: 50 }, () => piece))),
    );
    const broker = brokerFor(port, { headersTimeoutMs: 4_000 });
    const before = process.memoryUsage().rss;
    const reply = await broker.send(get(url), { deadlineMs: Date.now() + 8_000 });
    expect(reply).toMatchObject({
      ok: false,
      code: expect.stringMatching(/^(BAD_RESPONSE|UPSTREAM_ERROR)$/),
      host: "up.test",
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });
});
