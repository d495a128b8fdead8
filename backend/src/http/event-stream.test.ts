import { once } from "node:events";
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Problem } from "@assay/contract";
import { onTestFinished, expect, test } from "vitest";
import { createEventStream, type OpenEventStream } from "./event-stream.ts";

/** A stream over a real socket, with the client's end of it. */
async function open(): Promise<{ stream: OpenEventStream; response: Promise<IncomingMessage>; res: ServerResponse }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  const request = get({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
  const response = once(request, "response").then(([message]) => message as IncomingMessage);
  const [, res] = (await once(server, "request")) as [IncomingMessage, ServerResponse];
  const stream = createEventStream(res, { "x-trace-id": "1" }, null, new AbortController().signal);
  return { stream, response, res };
}

async function textOf(message: IncomingMessage): Promise<string> {
  message.setEncoding("utf8");
  return (await Array.fromAsync(message)).join("");
}

test("events go out as the specification has them, comments between them", async () => {
  const { stream, response } = await open();
  await stream.comment("open");
  await stream.send({ id: "1", type: "verdict", data: '{"a":1}' });
  await stream.send({ type: "fetching_end", data: "{}" });
  stream.end();
  const message = await response;
  expect(message.headers).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store, no-transform",
    "x-trace-id": "1",
  });
  expect(await textOf(message)).toBe(
    ': open\n\nid: 1\nevent: verdict\ndata: {"a":1}\n\nevent: fetching_end\ndata: {}\n\n',
  );
});

test("a stream that fails midway says so in its last event", async () => {
  const { stream, response } = await open();
  await stream.send({ type: "verdict", data: "{}" });
  stream.end({ code: "UNAVAILABLE", detail: "gone" } as Problem);
  expect(await textOf(await response)).toContain('event: error\ndata: {"code":"UNAVAILABLE","detail":"gone"}\n\n');
});

test("a client that does not read holds the sender up; one that leaves sets it free", async () => {
  const { stream, response, res } = await open();
  await stream.comment("open");
  const message = await response;
  let sent = 0;
  const sending = (async () => {
    while (!res.destroyed) {
      await stream.send({ type: "fetching_data", data: JSON.stringify("x".repeat(64 * 1024)) });
      sent++;
    }
  })();
  let before = -1;
  const isHeldUp = (): boolean => {
    const last = before;
    before = sent;
    return res.writableNeedDrain && before === last;
  };
  await expect.poll(isHeldUp, { timeout: 10_000 }).toBe(true);
  expect(res.writableLength).toBeLessThan(1024 * 1024);
  message.destroy();
  await sending;
  expect(sent - before).toBeLessThanOrEqual(1);
});
