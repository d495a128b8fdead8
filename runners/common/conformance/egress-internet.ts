import { once } from "node:events";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { createTestCertificates } from "../src/egress/fixtures/certificates.ts";
import { startDnsServer } from "../src/egress/fixtures/dns-server.ts";
import { rawAnswers } from "./egress-raw-answers.ts";

/** What a hostile internet looks like from the runner: names, upstreams that misbehave, and what each of them saw. */
export interface Internet {
  /** Of the broker that leads there; every name has to be opened, too. */
  readonly staticHosts: Readonly<Record<string, string>>;
  readonly caFile: string;
  readonly dnsServer: string;
  /** Port of a server on loopback, over IPv4 and IPv6, that nobody may reach, and how often somebody did. */
  readonly canary: { readonly port: number; readonly connections: () => number };
  /** Requests to `up.test` and `else.test` since the last call of this. */
  readonly takeRequests: () => IncomingMessage[];
  /** The most requests to `up.test` and `else.test` that were under way at once, since the start. */
  readonly atOnceMost: () => number;
  /** "name TYPE" of every question that the DNS server was asked. */
  readonly questions: readonly string[];
  readonly close: () => Promise<void>;
}

const zeros = Buffer.alloc(64 * 1024 * 1024);
/** All are made before a runner starts: it would count the time as the upstream's. */
const makeBombs = (): Readonly<Record<string, readonly [encoding: string, body: Buffer]>> => ({
  "/gzip": ["gzip", gzipSync(zeros)],
  "/deflate": ["deflate", deflateSync(zeros)],
  "/br": ["br", brotliCompressSync(zeros.subarray(0, 16 * 1024 * 1024))],
  "/zstd": ["zstd", zstdCompressSync(zeros)],
  "/nested": ["gzip, gzip", gzipSync(gzipSync(zeros))],
  "/zip": ["identity", deflateSync(Buffer.alloc(400 * 1024 * 1024))],
});

const redirects: Readonly<Record<string, string>> = {
  "/to-metadata": "http://169.254.169.254/latest/",
  "/to-loopback": "http://127.1/",
  "/to-mapped": "http://[::ffff:127.0.0.1]/",
  "/to-private-name": "http://private-a.test/",
  "/to-unlisted": "http://unlisted.test/",
  "/to-port": "http://up.test:22/",
  "/to-file": "file:///etc/passwd",
  "/to-gopher": "gopher://up.test/",
  "/loop": "/loop",
  "/to-other": "http://else.test/echo",
};

/** Names that lead inside. A name that is not here does not exist. */
const addresses: Readonly<Record<string, readonly string[]>> = {
  "private-a.test A": ["10.0.0.5"],
  "private-aaaa.test AAAA": ["fd00::5"],
  "mixed.test A": ["93.184.216.34", "127.0.0.1"],
  "mixed-families.test A": ["93.184.216.34"],
  "mixed-families.test AAAA": ["::1"],
  "metadata-a.test A": ["169.254.169.254"],
  "mapped.test AAAA": ["::ffff:7f00:1"],
  "nat64.test AAAA": ["64:ff9b::a00:1"],
  "loopback.test A": ["127.0.0.1"],
};

/** Starts all of it on free ports. The authority of `trustedFile` (PEM) stands in `caFile` as well. */
export async function openInternet(trustedFile: string): Promise<Internet> {
  const bombs = makeBombs();
  const certificates = createTestCertificates();
  const caFile = `${certificates.caFile}.all`;
  writeFileSync(caFile, readFileSync(certificates.caFile, "utf8") + readFileSync(trustedFile, "utf8"));
  // A runner that is not the user of this process has to read it too.
  chmodSync(dirname(caFile), 0o755);
  const dns = await startDnsServer((name, type) => {
    if (type !== "A" && type !== "AAAA") return 3;
    const found = addresses[`${name} ${type}`];
    if (found) return found.map((data) => ({ type, data, ttl: 0 }));
    return Object.keys(addresses).some((key) => key.startsWith(`${name} `)) ? [] : 3;
  });
  const requests: IncomingMessage[] = [];
  let underWay = 0;
  let most = 0;
  function answer(request: IncomingMessage, response: ServerResponse): void {
    requests.push(request);
    underWay += 1;
    most = Math.max(most, underWay);
    response.once("close", () => (underWay -= 1));
    const path = request.url ?? "";
    response.setHeader("connection", "close");
    const [bomb, location] = [bombs[path], redirects[path]];
    if (bomb) response.setHeader("content-encoding", bomb[0]).end(bomb[1]);
    else if (location) response.writeHead(path === "/to-other" ? 307 : 302, { location }).end();
    else if (path === "/latin") response.end(Buffer.from("caf\xe9", "latin1"));
    else if (path === "/slow") setTimeout(() => response.end("{}"), 30);
    else response.end(JSON.stringify({ headers: Object.keys(request.headers) }));
  }
  const servers = new Map<string, Server>([["plain", createServer(answer)]]);
  const identities = {
    "self-signed.test": certificates.issueSelfSigned("self-signed.test"),
    "expired.test": certificates.issue(["expired.test"], "expired"),
    "wrong-name.test": certificates.issue(["another.test"]),
    "good.test": certificates.issue(["good.test"]),
  };
  for (const [name, identity] of Object.entries(identities)) {
    servers.set(name, createHttpsServer(identity, answer) as unknown as Server);
  }
  for (const [name, talk] of Object.entries(rawAnswers)) {
    servers.set(
      name,
      createTcpServer((socket) => socket.once("data", () => talk(socket))),
    );
  }
  let intrusions = 0;
  const intrude = (socket: Socket) => void ((intrusions += 1), socket.destroy());
  const canary = createTcpServer(intrude);
  const canary6 = createTcpServer(intrude);
  const sockets = new Set<Socket>();
  const listen = async (server: Server, host: string, port = 0) => {
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
    });
    server.on("tlsClientError", () => undefined);
    await once(server.listen(port, host), "listening");
    return (server.address() as AddressInfo).port;
  };
  const ports = new Map<string, number>();
  for (const [name, server] of servers) ports.set(name, await listen(server, "127.0.0.1"));
  const canaryPort = await listen(canary, "127.0.0.1");
  await listen(canary6, "::1", canaryPort).catch(() => undefined);
  // Below those that are given to whoever asks for a free one: nobody listens there, not even in a moment.
  const closedPort = 1;

  const plain = ports.get("plain") ?? 0;
  const pinned: Record<string, number> = { "up.test": plain, "else.test": plain, "closed.test": closedPort };
  for (const name of ["notup.test", "up.test.else.test"]) pinned[name] = plain;
  for (const name of [...Object.keys(identities), ...Object.keys(rawAnswers)]) pinned[name] = ports.get(name) ?? 0;
  return {
    staticHosts: Object.fromEntries(Object.entries(pinned).map(([name, port]) => [name, `127.0.0.1:${port}`])),
    caFile,
    dnsServer: dns.address,
    canary: { port: canaryPort, connections: () => intrusions },
    takeRequests: () => requests.splice(0),
    atOnceMost: () => most,
    questions: dns.questions,
    async close() {
      for (const socket of sockets) socket.destroy();
      for (const server of [...servers.values(), canary, canary6]) server.close();
      await dns.close();
      certificates.remove();
    },
  };
}
