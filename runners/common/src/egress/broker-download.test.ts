import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBroker, startHttpServer, type TestBroker, type TestServer } from "./fixtures/broker-harness.ts";

// Guarantee: what the backend has fetched goes by the rules that hold for sources, and is bounded.
const file = "# a list\nexample.com\n";
let server: TestServer;
let open: TestBroker;
let closed: TestBroker;
const seen: string[] = [];

function listener({ url = "", headers }: IncomingMessage, response: ServerResponse): void {
  seen.push(`${headers.host}${url}`);
  const to = /^\/to\/(.*)$/.exec(url)?.[1];
  if (to !== undefined) return void response.writeHead(302, { location: decodeURIComponent(to) }).end();
  if (url === "/missing") return void response.writeHead(404).end("not here");
  if (url === "/bytes") return void response.end(Buffer.from([0xff, 0xfe, 0x00]));
  if (url === "/bomb")
    return void response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("a".repeat(3e6)));
  if (url === "/long") return void response.end("a".repeat(2_000_000));
  if (url === "/silent") return;
  const tags = { etag: '"v1"', "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT" };
  const known = headers["if-none-match"] === tags.etag && headers["if-modified-since"] === tags["last-modified"];
  response.writeHead(known ? 304 : 200, tags).end(known ? undefined : file);
}

beforeAll(async () => {
  server = await startHttpServer(listener);
  const staticHosts = { "list.test:80": `127.0.0.1:${server.port}`, "other.test:80": `127.0.0.1:${server.port}` };
  open = startBroker({ allowPrivate: ["127.0.0.0/8"], staticHosts }, []);
  closed = startBroker({ staticHosts }, []);
});
afterAll(async () => {
  await open.close();
  await closed.close();
  await server.close();
});

test("a file comes whole with its tags, and is not sent again to who has it", async () => {
  const first = await open.download("http://list.test/list");
  expect(first).toEqual({ status: 200, etag: '"v1"', lastModified: "Thu, 01 Jan 2026 00:00:00 GMT", text: file });
  const { etag, lastModified } = first;
  expect(await open.download("http://list.test/list", { etag, lastModified })).toEqual({
    ...first,
    status: 304,
    text: "",
  });
  expect(await open.download("http://list.test/missing")).toMatchObject({ status: 404, text: "" });
});

test.each([
  ["a private address that nobody opened", "http://127.0.0.1/"],
  ["a name that is pinned to one", "http://list.test/list"],
  ["a metadata service", "http://169.254.169.254/latest"],
  ["another scheme", "file:///etc/passwd"],
  ["a password in the URL", "http://a:b@list.test/"],
  ["no URL", "list"],
])("%s is refused, and nothing is sent", async (_, url) => {
  seen.length = 0;
  await expect(closed.download(url)).rejects.toMatchObject({ code: "EGRESS_DENIED" });
  expect(seen).toEqual([]);
});

test.each([
  ["a private host that the list does not name, though the operator opened it", "http://other.test/list"],
  ["a private address", () => `http://127.0.0.1:${server.port}/list`],
  ["a metadata service", "http://169.254.169.254/"],
])("a redirect to %s is refused", async (_, to) => {
  seen.length = 0;
  const location = encodeURIComponent(typeof to === "string" ? to : to());
  await expect(open.download(`http://list.test/to/${location}`)).rejects.toMatchObject({ code: "EGRESS_DENIED" });
  expect(seen).toEqual([`list.test/to/${location}`]);
});

test("a redirect on the same host is followed", async () => {
  expect((await open.download("http://list.test/to/%2Flist")).text).toBe(file);
});

test("what is too long, packed too tightly, no text, or never comes, is a problem in words", async () => {
  await expect(open.download("http://list.test/long")).rejects.toMatchObject({ code: "BAD_RESPONSE" });
  await expect(open.download("http://list.test/bomb")).rejects.toMatchObject({ code: "BAD_RESPONSE" });
  await expect(open.download("http://list.test/bytes")).rejects.toThrow("no text in UTF-8");
  const late = open.download("http://list.test/silent", { deadlineMs: Date.now() + 100 });
  await expect(late).rejects.toMatchObject({ code: "TIMEOUT" });
});
