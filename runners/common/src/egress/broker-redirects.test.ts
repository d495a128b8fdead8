import type { IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  get,
  startBroker,
  startHttpServer,
  startHttpsServer,
  type TestBroker,
  type TestServer,
} from "./fixtures/broker-harness.ts";
import { createTestCertificates, type TestCertificates } from "./fixtures/certificates.ts";

let certificates: TestCertificates;
let plain: TestServer;
let secure: TestServer;
let broker: TestBroker;
const seen: { line: string; headers: IncomingMessage["headers"] }[] = [];

/** /to/<status>/<location, URI-encoded> redirects there; anything else answers. */
async function listener(request: IncomingMessage, response: import("node:http").ServerResponse) {
  const body = (await request.toArray()).join("");
  seen.push({
    line: `${request.method} ${request.headers.host}${request.url} ${body}`.trim(),
    headers: request.headers,
  });
  const [, status, location] = /^\/to\/(\d+)\/(.*)$/.exec(request.url ?? "") ?? [];
  if (status === undefined) return response.end("arrived");
  return response.writeHead(Number(status), location ? { location: decodeURIComponent(location) } : {}).end("moved");
}

function redirect(status: number, location: string, from = "http://first.test"): string {
  return `${from}/to/${status}/${encodeURIComponent(location)}`;
}

beforeAll(async () => {
  certificates = createTestCertificates();
  plain = await startHttpServer(listener);
  secure = await startHttpsServer(certificates.issue(["first.test"]), listener);
  const address = `127.0.0.1:${plain.port}`;
  broker = startBroker(
    {
      allowPrivate: ["127.0.0.0/8"],
      caFile: certificates.caFile,
      staticHosts: {
        "first.test:80": address,
        "second.test": address,
        "closed.test": address,
        "first.test:443": `127.0.0.1:${secure.port}`,
      },
    },
    ["first.test", "second.test"],
  );
});

afterAll(async () => {
  await broker.close();
  await plain.close();
  await secure.close();
  certificates.remove();
});

test.each([
  ["to an address of this machine", "http://127.0.0.1/"],
  ["to a metadata service", "http://169.254.169.254/"],
  ["to a host that is not allowed", "http://closed.test/"],
  ["to another port", "http://second.test:8080/"],
  ["to file:", "file:///etc/passwd"],
  ["to gopher:", "gopher://second.test/"],
  ["with a user name", "http://user:pass@second.test/"],
])("a redirect %s is refused, whatever its status", async (_, location) => {
  for (const status of [301, 302, 303, 307, 308]) {
    const before = seen.length;
    expect(await broker.send(get(redirect(status, location)))).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
    expect(seen.length - before).toBe(1);
  }
});

test("https is never left for http", async () => {
  expect(await broker.send(get(redirect(302, "https://first.test/end", "https://first.test")))).toMatchObject({
    ok: true,
    bodyText: "arrived",
  });
  expect(await broker.send(get(redirect(302, "http://first.test/end", "https://first.test")))).toMatchObject({
    code: "EGRESS_DENIED",
    message: "first.test redirects from https to http, which is refused.",
  });
});

test("three redirects are followed, the fourth is not; each hop is a recorded call", async () => {
  const chain = (hops: number): string => (hops === 0 ? "http://first.test/end" : redirect(302, chain(hops - 1)));
  const from = broker.calls.length;
  expect(await broker.send(get(chain(3)))).toMatchObject({
    ok: true,
    url: "http://first.test/end",
    redirected: true,
    bodyText: "arrived",
  });
  expect(broker.calls.slice(from).map((call) => call.status)).toEqual([302, 302, 302, 200]);
  expect(await broker.send(get(chain(4)))).toMatchObject({
    ok: false,
    code: "BAD_RESPONSE",
    message: "More than 3 redirects in a row.",
  });
});

test("each hop counts as one of the requests that a run has", async () => {
  const lease = broker.lease();
  const replies = [];
  for (let round = 0; round < 11; round += 1) replies.push(await broker.send(get(redirect(302, "/end")), lease));
  expect(replies.map((reply) => reply.ok)).toEqual([...Array<boolean>(10).fill(true), false]);
});

test("credentials stay with the origin they were meant for, and do not come back", async () => {
  const secrets = { authorization: "Bearer s", cookie: "s=1", key: "s", "x-apikey": "s", "x-anything": "s" };
  const headers = [...Object.entries(secrets), ["User-Agent", "mine"], ["Accept", "text/plain"]];
  const back = redirect(302, "http://first.test/end", "http://second.test");
  await broker.send(get(redirect(307, back), { headers }));
  const [first, second, third] = seen.slice(-3);
  expect(first?.headers).toMatchObject(secrets);
  for (const hop of [second, third]) {
    expect(Object.keys(hop?.headers ?? {}).sort()).toEqual([
      "accept",
      "accept-encoding",
      "connection",
      "host",
      "user-agent",
    ]);
    expect(hop?.headers["user-agent"]).toBe("mine");
  }
  await broker.send(get(redirect(302, "/end"), { headers }));
  expect(seen.at(-1)?.headers).toMatchObject(secrets);
});

test.each([
  [301, "POST", "GET first.test/end"],
  [302, "POST", "GET first.test/end"],
  [303, "PUT", "GET first.test/end"],
  [303, "HEAD", "HEAD first.test/end"],
  [302, "PUT", "PUT first.test/end body"],
  [307, "POST", "POST first.test/end body"],
  [308, "POST", "POST first.test/end body"],
])("a %i turns %s into: %s", async (status, method, line) => {
  const body = method === "HEAD" ? {} : { bodyText: "body", headers: [["Content-Type", "text/plain"]] };
  await broker.send(get(redirect(status, "/end"), { method, ...body }));
  expect(seen.at(-1)?.line).toBe(line);
  if (line.startsWith("GET")) expect(seen.at(-1)?.headers).not.toHaveProperty("content-type");
});

describe("the source may also", () => {
  test("look at a redirect itself, or have it be an error", async () => {
    const url = redirect(302, "http://closed.test/");
    expect(await broker.send(get(url, { redirect: "manual" }))).toMatchObject({
      ok: true,
      status: 302,
      bodyText: "moved",
      headers: expect.arrayContaining([["location", "http://closed.test/"]]),
    });
    expect(await broker.send(get(url, { redirect: "error" }))).toMatchObject({ ok: false, code: "BAD_RESPONSE" });
  });

  test("get a redirect without a Location as an answer, and a nonsensical one as an error", async () => {
    expect(await broker.send(get("http://first.test/to/302/"))).toMatchObject({
      ok: true,
      status: 302,
      bodyText: "moved",
    });
    expect(await broker.send(get(redirect(302, "http://[bad")))).toMatchObject({ ok: false, code: "BAD_RESPONSE" });
  });
});
