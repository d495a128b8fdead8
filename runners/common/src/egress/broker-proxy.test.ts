import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  get,
  startBroker,
  startHttpServer,
  startHttpsServer,
  startRawServer,
  type TestBroker,
  type TestServer,
} from "./fixtures/broker-harness.ts";
import { createTestCertificates, type TestCertificates } from "./fixtures/certificates.ts";
import { startDnsServer, type TestDnsServer } from "./fixtures/dns-server.ts";
import { startProxy, type TestProxy } from "./fixtures/proxy-server.ts";
import type { EgressOptions } from "./broker.ts";

const publicAddress = "93.184.216.34";
let certificates: TestCertificates;
let dns: TestDnsServer;
let plain: TestServer;
let tls: TestServer;
let wrongName: TestServer;
let headersSeen: string[] = [];

const zone: Record<string, string> = {
  "up.test A": publicAddress,
  "wrong-name.test A": publicAddress,
  "v6.test AAAA": "2606:2800:220:1::1",
  "inside.test A": "10.0.0.5",
  "opened.test A": "127.0.0.1",
};

beforeAll(async () => {
  certificates = createTestCertificates();
  dns = await startDnsServer((name, type) => {
    const data = zone[`${name} ${type}`];
    if ((type === "A" || type === "AAAA") && data !== undefined) return [{ type, data }];
    return Object.keys(zone).some((key) => key.startsWith(`${name} `)) ? [] : 3;
  });
  const answer: Parameters<typeof startHttpServer>[0] = (request, response) => {
    headersSeen.push(...Object.keys(request.headers));
    if (request.url === "/inside") response.writeHead(302, { location: "http://inside.test/" });
    response.end(`for ${request.headers.host}`);
  };
  plain = await startHttpServer(answer);
  tls = await startHttpsServer(certificates.issue(["up.test", "named.test", publicAddress]), answer);
  wrongName = await startHttpsServer(certificates.issue(["other.test"]), answer);
});

afterAll(async () => {
  await Promise.all([plain.close(), tls.close(), wrongName.close(), dns.close()]);
  certificates.remove();
});

const route = (destination: string) => ({ port: destination.endsWith(":80") ? plain.port : tls.port });

/** A broker that goes through this proxy; both are closed when the test ends. */
function throughProxy(
  proxy: { readonly port: number; close(): Promise<void> },
  url: string,
  options: Partial<EgressOptions> & { readonly resolver?: "proxy"; readonly bypass?: string[] } = {},
  hosts: string[] = ["*"],
): TestBroker {
  headersSeen = [];
  const { resolver = "runner", bypass = [], ...rest } = options;
  const broker = startBroker(
    {
      dnsServers: [dns.address],
      caFile: certificates.caFile,
      proxy: { url: url.replace("PORT", String(proxy.port)), resolver, bypass },
      ...rest,
    },
    hosts,
  );
  onTestFinished(async () => {
    await broker.close();
    await proxy.close();
  });
  return broker;
}

describe("through a proxy of each kind, TLS to the upstream is checked for its name, and credentials reach only the proxy", () => {
  test.each<[string, "http" | "socks5", string, string | undefined]>([
    ["http", "http", "http://127.0.0.1:PORT", undefined],
    ["http with credentials", "http", "http://us%40er:p%3Ass@127.0.0.1:PORT/", "us@er:p:ss"],
    ["https with credentials", "http", "https://user:pass@localhost:PORT", "user:pass"],
    ["socks5", "socks5", "socks5://127.0.0.1:PORT", undefined],
    ["socks5 with credentials", "socks5", "socks5://user:pass@127.0.0.1:PORT", "user:pass"],
  ])("%s", async (name, kind, url, credentials) => {
    const own = name.startsWith("https") ? { tls: certificates.issue(["localhost"]) } : {};
    const proxy = await startProxy({ kind, route, ...own, ...(credentials === undefined ? {} : { credentials }) });
    const broker = throughProxy(proxy, url);

    for (const target of ["https://up.test/", "http://up.test/", "https://up.test/", "http://up.test/"]) {
      expect(await broker.send(get(target))).toMatchObject({ ok: true, bodyText: "for up.test" });
    }
    expect(await broker.send(get(`https://${publicAddress}/`))).toMatchObject({ ok: true });
    expect(await broker.send(get("http://v6.test/"))).toMatchObject({ ok: true, bodyText: "for v6.test" });

    // The address that was checked is the one asked for, and connections are kept alive.
    expect(proxy.asked).toEqual([
      `${publicAddress}:443`,
      `${publicAddress}:80`,
      `${publicAddress}:443`,
      kind === "http" ? "[2606:2800:220:1::1]:80" : "26062800022000010000000000000001:80",
    ]);
    expect(headersSeen.filter((header) => header.startsWith("proxy"))).toEqual([]);
    // The proxy serves nobody whose credentials are wrong.
    expect(proxy.greetings.length).toBe(kind === "http" ? 4 : credentials === undefined ? 0 : 4);
  });

  test("a certificate for another host is refused", async () => {
    const proxy = await startProxy({ kind: "http", route: () => ({ port: wrongName.port }) });
    const broker = throughProxy(proxy, "http://127.0.0.1:PORT");
    expect(await broker.send(get("https://wrong-name.test/"))).toMatchObject({
      ok: false,
      message: "The certificate that wrong-name.test shows is for another host.",
    });
  });
});

describe("what goes through the proxy", () => {
  const names = ["up.test", "inside.test", "opened.test", "pinned.test", "named.test", "10.0.0.1"];

  test.each(["runner", "proxy"] as const)("nothing private, wherever names are looked up: %s", async (resolver) => {
    const proxy = await startProxy({ kind: "http", route });
    const broker = throughProxy(proxy, "http://127.0.0.1:PORT", resolver === "proxy" ? { resolver } : {}, [
      "*",
      ...names,
    ]);
    for (const url of [
      "http://inside.test/",
      "http://10.0.0.1/",
      "http://127.1/",
      "http://localhost/",
      "http://wiki/",
      "http://metadata.google.internal/",
      "http://printer.local/",
      "http://up.test:22/",
    ]) {
      expect(await broker.send(get(url))).toMatchObject({ ok: false });
    }
    expect(proxy.asked).toEqual([]);
    expect(await broker.send(get("http://up.test/inside"))).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
    expect(proxy.asked).toEqual([resolver === "proxy" ? "up.test:80" : `${publicAddress}:80`]);
  });

  test("the name itself, where the proxy looks names up, known here or not", async () => {
    const proxy = await startProxy({ kind: "socks5", route });
    const broker = throughProxy(proxy, "socks5://127.0.0.1:PORT", { resolver: "proxy" });
    expect(await broker.send(get("https://named.test/"))).toMatchObject({ ok: true, bodyText: "for named.test" });
    expect(await broker.send(get("http://up.test/"))).toMatchObject({ ok: true });
    expect(proxy.asked).toEqual(["named.test:443", "up.test:80"]);
  });

  test("not what the operator opened, pinned or listed", async () => {
    const proxy = await startProxy({ kind: "http", route: () => ({ refusal: 403 }) });
    const broker = throughProxy(
      proxy,
      "http://127.0.0.1:PORT",
      {
        allowPrivate: ["127.0.0.1"],
        staticHosts: { "pinned.test": `127.0.0.1:${plain.port}` },
        bypass: ["api.bypassed.test", ".below.test:80", "93.184.0.0/16"],
        resolver: "proxy",
        limits: { connectTimeoutMs: 300 },
      },
      [`opened.test:${plain.port}`, "pinned.test", "*.below.test", "*"],
    );
    expect(await broker.send(get(`http://opened.test:${plain.port}/`))).toMatchObject({ ok: true });
    expect(await broker.send(get("http://pinned.test/"))).toMatchObject({ ok: true });
    // Listed names are looked up here, where these do not exist: the proxy is not asked.
    for (const host of ["api.bypassed.test", "a.below.test"]) {
      expect(await broker.send(get(`http://${host}/`))).toMatchObject({
        message: `could not resolve host ${host}: the name does not exist`,
      });
    }
    expect(proxy.asked).toEqual([]);
    expect(await broker.send(get("https://a.below.test/"))).toMatchObject({ ok: false, message: /not permit/ });
    expect(proxy.asked).toEqual(["a.below.test:443"]);
  });
});

describe("a failure of the proxy says so, and repeats no credentials:", () => {
  const silent = () => undefined;
  test.each<[string, string, (socket: import("node:net").Socket) => void, RegExp]>([
    ["silence", "http", silent, /the egress proxy did not answer in time$/],
    ["silence of SOCKS5", "socks5", silent, /did not answer in time$/],
    ["silence where TLS is due", "https", silent, /did not answer in time$/],
    ["no TLS", "https", (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"), /acceptable TLS|cannot be reached/],
    ["407", "http", (socket) => socket.end("HTTP/1.1 407 No\r\n\r\n"), /does not accept the credentials/],
    ["403", "http", (socket) => socket.end("HTTP/1.1 403 No\r\n\r\n"), /proxy does not permit a connection to up.test/],
    ["503", "http", (socket) => socket.end("HTTP/1.1 503 No\r\n\r\n"), /^could not connect to up.test$/],
    ["closing", "http", (socket) => socket.end(), /closed the connection$/],
    ["nonsense", "http", (socket) => socket.end("SSH-2.0-x\r\n\r\n"), /not valid HTTP$/],
    ["endless head", "http", (socket) => socket.write("HTTP/1.1 200 OK\r\nA: ".padEnd(40_000, "a")), /too large$/],
    [
      "an answer of its own",
      "http",
      (socket) => socket.write("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
      /more than/,
    ],
    ["no SOCKS", "socks5", (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"), /does not speak SOCKS5$/],
    ["no method", "socks5", (socket) => socket.end(Buffer.from([5, 255])), /another kind of sign-in/],
    ["half an answer", "socks5", (socket) => socket.end(Buffer.from([5])), /closed the connection$/],
  ])("%s", async (_, scheme, talk, message) => {
    const server = await startRawServer(talk);
    const broker = throughProxy(server, `${scheme}://someone:hunter2@127.0.0.1:PORT`, {
      limits: { connectTimeoutMs: 250 },
    });
    const reply = await broker.send(get("https://up.test/"));
    expect(reply).toMatchObject({ ok: false, code: "UPSTREAM_ERROR", message: expect.stringMatching(message) });
    expect(server.connections()).toBe(1);
    expect(JSON.stringify([reply, broker.calls])).not.toMatch(/hunter2|someone|c29tZW9uZTpodW50ZXIy/);
  });

  test("a proxy that is away, one with a certificate nobody vouches for, one with a wrong password", async () => {
    const gone = await startRawServer(silent);
    await gone.close();
    const away = throughProxy({ port: gone.port, close: async () => undefined }, "http://127.0.0.1:PORT");
    expect(await away.send(get("http://up.test/"))).toMatchObject({
      message: "could not connect to up.test: the egress proxy cannot be reached (ECONNREFUSED)",
    });
    const selfSigned = await startProxy({ kind: "http", route, tls: certificates.issueSelfSigned("localhost") });
    expect(await throughProxy(selfSigned, "https://localhost:PORT").send(get("http://up.test/"))).toMatchObject({
      message: expect.stringMatching(/egress proxy shows a certificate that is not trusted/),
    });
    const strict = await startProxy({ kind: "socks5", route, credentials: "user:right" });
    const reply = await throughProxy(strict, "socks5://user:wrong@127.0.0.1:PORT").send(get("http://up.test/"));
    expect(reply).toMatchObject({ message: expect.stringMatching(/does not accept the credentials/) });
  });

  test("settings that cannot be used are refused without being repeated", () => {
    const make = (url: string, bypass: string[] = []) =>
      startBroker({ proxy: { url, resolver: "runner", bypass } }, []);
    expect(() => make("ftp://user:hunter2@proxy")).toThrow(/^The proxy must be a URL that begins with http/);
    expect(() => make("http://user:hunter2%zz@proxy")).toThrow(/^The user name or password of the proxy has a %/);
    expect(() => make("socks5://user@proxy")).toThrow(/^A SOCKS5 proxy takes/);
    expect(() => make("http://proxy", ["10.0.0.0/99"])).toThrow(/"10.0.0.0\/99" is not an address range/);
    expect(() => make("http://proxy", ["*"])).toThrow(/"\*" is not/);
  });
});

// The limits of a request are those of its pool: they hold behind a proxy as they do without one.
test("the limits of an answer hold through a proxy", async () => {
  const endless = await startRawServer((socket) => {
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    const more = () => void (socket.destroyed || socket.write(Buffer.alloc(65_536), more));
    more();
  });
  const silent = await startRawServer(() => undefined);
  const proxy: TestProxy = await startProxy({
    kind: "http",
    route: (destination) => ({ port: destination.startsWith(publicAddress) ? endless.port : silent.port }),
  });
  const broker = throughProxy(proxy, "http://127.0.0.1:PORT", { limits: { headersTimeoutMs: 250 } });
  expect(await broker.send(get("http://up.test/"))).toMatchObject({ code: "BAD_RESPONSE" });
  expect(await broker.send(get("http://v6.test/"))).toMatchObject({ code: "TIMEOUT" });
  await Promise.all([endless.close(), silent.close()]);
});
