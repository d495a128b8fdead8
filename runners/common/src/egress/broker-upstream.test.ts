import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { get, startBrokerFor, startHttpServer, startRawServer } from "./fixtures/broker-harness.ts";

const url = "http://up.test/";

function forEver(socket: Socket, chunk: string | Buffer): void {
  if (!socket.destroyed) socket.write(chunk, () => forEver(socket, chunk));
}

function trickle(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 30);
  socket.on("close", () => clearInterval(timer));
}

// E08
describe("an answer without measure", () => {
  const quick = { headersTimeoutMs: 250, bodyIdleTimeoutMs: 250 };

  test.each<[string, (socket: Socket) => void, string]>([
    [
      "a body without end",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        forEver(socket, Buffer.alloc(65_536, 97));
      },
      "BAD_RESPONSE",
    ],
    [
      "100,000 headers",
      (socket) => socket.write(`HTTP/1.1 200 OK\r\n${"a: b\r\n".repeat(100_000)}\r\n`),
      "BAD_RESPONSE",
    ],
    ["65 headers", (socket) => socket.end(`HTTP/1.1 200 OK\r\n${"a: b\r\n".repeat(65)}\r\n`), "BAD_RESPONSE"],
    [
      "a header of 10 MB",
      (socket) => socket.write(`HTTP/1.1 200 OK\r\na: ${"b".repeat(10_000_000)}\r\n\r\n`),
      "BAD_RESPONSE",
    ],
    ["1xx without end", (socket) => forEver(socket, "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(10)), "BAD_RESPONSE"],
    ["headers byte by byte", (socket) => trickle(socket, "H"), "BAD_RESPONSE"],
    ["headers that never end", (socket) => (socket.write("HTTP/1.1 200 OK\r\nA: "), trickle(socket, "a")), "TIMEOUT"],
    ["silence", () => undefined, "TIMEOUT"],
    ["silence inside the body", (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), "TIMEOUT"],
  ])("is cut off: %s", async (_, talk, code) => {
    const broker = startBrokerFor(await startRawServer(talk), quick);
    expect(await broker.send(get(url))).toMatchObject({ ok: false, code, host: "up.test" });
  });

  test.each<[string, string]>([
    ["body", "HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n"],
    ["chunked body", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
  ])("that trickles for ever ends with the deadline: %s", async (_, head) => {
    const broker = startBrokerFor(
      await startRawServer((socket) => (socket.write(head), trickle(socket, "1\r\na\r\n"))),
    );
    expect(await broker.send(get(url), { deadlineMs: Date.now() + 600 })).toMatchObject({
      code: "TIMEOUT",
      host: "up.test",
    });
    expect(await broker.send(get(url, { timeoutMs: 400 }))).toMatchObject({
      code: "TIMEOUT",
      message: "No answer within 400 ms.",
    });
    expect(broker.calls.map((call) => call.error)).toEqual([
      expect.stringMatching(/^No answer within/),
      "No answer within 400 ms.",
    ]);
  });
});

// E09
describe("an answer that breaks off or is not HTTP has a typed error", () => {
  test.each([
    ["closed before the answer", "", "UPSTREAM_ERROR"],
    ["closed within the head", "HTTP/1.1 200 OK\r\nA: b", "UPSTREAM_ERROR"],
    ["closed within the body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "BAD_RESPONSE|UPSTREAM_ERROR"],
    ["chunk that is none", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n", "BAD_RESPONSE"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "BAD_RESPONSE"],
    [
      "length and chunks",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "BAD_RESPONSE",
    ],
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n", "BAD_RESPONSE"],
    [
      "unasked upgrade",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
      "UPSTREAM_ERROR",
    ],
  ])("%s", async (_, answer, code) => {
    const broker = startBrokerFor(await startRawServer((socket) => socket.end(answer)));
    expect(await broker.send(get(url))).toMatchObject({
      ok: false,
      code: expect.stringMatching(code),
      host: "up.test",
    });
  });

  test("and bytes that are not UTF-8 come as base64", async () => {
    const server = await startHttpServer((_, response) => response.end(Buffer.from("caf\xe9", "latin1")));
    expect(await startBrokerFor(server).send(get(url))).toMatchObject({ ok: true, bodyBase64: "Y2Fm6Q==" });
  });
});

// A server closes a kept connection just when the next request is on its way.
describe("a kept connection that turns out to be closed", () => {
  const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nhi";
  /** Answers the first request of each connection, and closes at the second. */
  const startForgetful = () =>
    startRawServer((socket) => {
      socket.write(ok);
      socket.once("data", () => socket.end());
    });

  test("is replaced, once, where asking again changes nothing", async () => {
    const server = await startForgetful();
    const broker = startBrokerFor(server);
    for (let i = 0; i < 3; i++) expect(await broker.send(get(url))).toMatchObject({ ok: true, status: 200 });
    expect(server.connections()).toBe(3);
    expect(broker.calls.map(({ status, error }) => [status, error])).toEqual([
      [200, ""],
      [200, ""],
      [200, ""],
    ]);
  });

  test("is an error for a request that may have been carried out", async () => {
    let posts = 0;
    const server = await startHttpServer((request, response) => {
      if (request.method === "GET") return response.end("hi");
      posts++;
      response.destroy();
    });
    const broker = startBrokerFor(server);
    expect(await broker.send(get(url))).toMatchObject({ ok: true });
    const post = get(url, { method: "POST", bodyText: "once" });
    expect(await broker.send(post)).toMatchObject({ ok: false, code: "UPSTREAM_ERROR" });
    expect(posts).toBe(1);
  });

  test("does not make a server that always closes be asked without end", async () => {
    let asked = 0;
    const server = await startRawServer((socket) => (asked++ === 0 ? socket.end(ok) : socket.end()));
    const broker = startBrokerFor(server);
    expect(await broker.send(get(url))).toMatchObject({ ok: true });
    expect(await broker.send(get(url))).toMatchObject({ ok: false, code: "UPSTREAM_ERROR" });
    expect(asked).toBe(2);
  });
});

// E11: a source must not learn from the error what lies behind a port.
test("a closed port and one that never answers read the same", async () => {
  const gone = await startRawServer(() => undefined);
  const broker = startBrokerFor(gone, { connectTimeoutMs: 300 });
  await gone.close();
  const silent = startBrokerFor(await startRawServer(() => undefined), { connectTimeoutMs: 300 });
  const failure = { ok: false, code: "UPSTREAM_ERROR", message: "could not connect to up.test", host: "up.test" };
  expect(await broker.send(get("http://up.test/"))).toEqual(failure);
  expect(await broker.send(get("https://up.test/"))).toEqual(failure);
  expect(await silent.send(get("https://up.test/"))).toEqual(failure);
});
