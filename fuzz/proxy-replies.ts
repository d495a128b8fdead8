import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { createSecureContext } from "node:tls";
import fc from "fast-check";
import { parseProxy } from "../runners/common/src/egress/proxy.ts";
import { openTunnel, ProxyFailure, ProxyRefusal } from "../runners/common/src/egress/proxy-tunnel.ts";
import { createCounts, fault, type FuzzTarget, type OpenTarget } from "./fuzz-target.ts";

type Kind = "http" | "socks5";

/** Processor time that one case may take: reading a few kilobytes takes a thousandth of it. */
const cpuMaxMs = 2_000;
const timeoutMs = 150;

const texts = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...["HTTP/1.1 ", "HTTP/1.0 ", "200", "204", "407", "503", "099", " OK", "\r\n", "\r\n\r\n", "\n\n"],
    ),
    fc.constantFrom(...["X: y", "Content-Length: 5", "hello", "\0", " ", "HTTP/2 200"]),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.nat(20_000).map((length) => "x".repeat(length)),
  ),
  { maxLength: 10 },
);
const http = fc.oneof(
  texts.map((parts) => parts.join("")),
  texts.map((parts) => `HTTP/1.1 200 OK\r\n${parts.join("")}\r\n\r\n`),
  fc.constant("HTTP/1.1 200 OK\r\n\r\n"),
);
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const socksAddress = fc.oneof(
  bytesOf(6).map((bytes) => [1, ...bytes]),
  bytesOf(18).map((bytes) => [4, ...bytes]),
  fc.nat(20).chain((length) => bytesOf(length + 2).map((bytes) => [3, length, ...bytes])),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => [...bytes]),
);
const socks = fc
  .tuple(
    fc.constantFrom([5, 0], [5, 0], [5, 2, 1, 0], [5, 2, 1, 1], [5, 255], [4, 0], [5], []),
    fc.constantFrom([5, 0, 0], [5, 0, 0], [5, 2, 0], [5, 5, 0], [4, 0, 0], [5, 0], []),
    socksAddress,
    fc.oneof(fc.constant(new Uint8Array()), fc.uint8Array({ maxLength: 5 })),
  )
  .map(([greeting, reply, address, rest]) => Buffer.from([...greeting, ...reply, ...address, ...rest]));
const reply = fc.oneof(
  http.map((text) => ({ kind: "http" as Kind, bytes: Buffer.from(text, "latin1") })),
  socks.map((bytes) => ({ kind: "socks5" as Kind, bytes })),
);
const arbitrary = fc.record({
  reply,
  cuts: fc.array(fc.nat(200), { maxLength: 4 }),
  hasCredentials: fc.boolean(),
  // Few: each takes until the time is up.
  staysOpen: fc.nat(15).map((number) => number === 0),
});

/** How many bytes of the reply a tunnel may stand on; undefined where there must be none. Written from the standards alone. */
function agreedBytes(kind: Kind, bytes: Buffer, hasCredentials: boolean): number | undefined {
  if (kind === "http") {
    const end = bytes.indexOf("\r\n\r\n");
    return end >= 0 && /^HTTP\/1\.[01] 2\d\d[ \r]/.test(bytes.toString("latin1")) ? end + 4 : undefined;
  }
  const signIn = hasCredentials && bytes[1] === 2 ? 2 : 0;
  if (bytes[0] !== 5 || (bytes[1] !== 0 && signIn === 0) || (signIn > 0 && bytes[3] !== 0)) return undefined;
  const from = 2 + signIn;
  if (bytes[from] !== 5 || bytes[from + 1] !== 0) return undefined;
  const name = bytes[from + 4];
  const length = { 1: 4, 4: 16, 3: name === undefined ? undefined : name + 1 }[bytes[from + 3] ?? 0];
  const end = length === undefined ? Infinity : from + 4 + length + 2;
  return end <= bytes.length ? end : undefined;
}

async function open(): Promise<OpenTarget> {
  const counts = createCounts();
  let talk: (socket: Socket) => void = () => undefined;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    socket.resume();
    talk(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const secureContext = createSecureContext();
  const proxyOf = (kind: Kind, hasCredentials: boolean) =>
    parseProxy({
      url: `${kind}://${hasCredentials ? "user:word@" : ""}127.0.0.1:${port}`,
      resolver: "runner",
      bypass: [],
    });

  const property = fc.asyncProperty(arbitrary, async ({ reply: { kind, bytes }, cuts, hasCredentials, staysOpen }) => {
    talk = (socket) => {
      socket.setNoDelay(true);
      let from = 0;
      for (const cut of cuts) {
        socket.write(bytes.subarray(from, from + cut));
        from += cut;
      }
      socket.write(bytes.subarray(from));
      if (!staysOpen) socket.end();
    };
    const cpu = process.cpuUsage();
    const destination = { host: "up.test", port: 443 };
    const end = await openTunnel(proxyOf(kind, hasCredentials), destination, secureContext, timeoutMs).catch(
      (error: unknown) => error,
    );
    const { user, system } = process.cpuUsage(cpu);
    if ((user + system) / 1000 > cpuMaxMs) fault(`took ${(user + system) / 1000} ms of processor time`);
    const agreed = agreedBytes(kind, bytes, hasCredentials);
    for (const socket of sockets) socket.destroy();
    if (end instanceof ProxyFailure || end instanceof ProxyRefusal) {
      if (/user|word|socks5:|http:/.test(end.message)) fault(`tells of the credentials: ${end.message}`);
      counts.add(end instanceof ProxyRefusal ? "refused" : "at fault");
      return;
    }
    if (end instanceof Error) fault(`threw ${end.stack}`);
    (end as Socket).destroy();
    if (agreed === undefined) fault("made a tunnel of what is no agreement");
    counts.add("tunnels");
  });
  return {
    property: property as OpenTarget["property"],
    counts,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const proxyReplies: FuzzTarget = {
  name: "proxy-replies",
  about:
    "bytes in the place of a proxy's answer, HTTP or SOCKS5, in any pieces → the real handshake: a tunnel where the standards have one, else its own errors, soon",
  share: 2_000,
  open,
};
