import { once } from "node:events";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type SecureContext } from "node:tls";
import ipaddr from "ipaddr.js";
import type { ProxyServer } from "./proxy.ts";

/** The proxy itself is at fault: away, silent, not trusted, or it does not know us. `message` completes "the egress proxy …". */
export class ProxyFailure extends Error {
  override name = "ProxyFailure";
}

/** The proxy is well, but has no connection to the destination for us. */
export class ProxyRefusal extends Error {
  override name = "ProxyRefusal";
  /** By a rule of the proxy, and not because the destination could not be reached. */
  readonly isByRule: boolean;

  constructor(isByRule: boolean) {
    super("the egress proxy made no connection");
    this.isByRule = isByRule;
  }
}

export interface Destination {
  /** An address, or a name that the proxy looks up. */
  readonly host: string;
  readonly port: number;
}

const headBytesMax = 16 * 1024;

/**
 * A connection to the destination through the proxy, with nothing sent over it yet. Plain HTTP goes through CONNECT as well: an answer
 * of the proxy is never taken for one of the upstream, and its credentials are in no request. Throws a ProxyFailure or ProxyRefusal.
 */
export async function openTunnel(
  proxy: ProxyServer,
  destination: Destination,
  secureContext: SecureContext,
  timeoutMs: number,
): Promise<Socket> {
  const socket =
    proxy.protocol === "https:" ? connectProxyTls(proxy, secureContext) : connectTcp(proxy.port, proxy.host);
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(new ProxyFailure("did not answer in time")), timeoutMs);
  const onClose = () => ending.abort(new ProxyFailure("closed the connection"));
  socket.setNoDelay(true).on("close", onClose);
  // An error after the hand-over is its new owner's; before it, the waits below see it too.
  socket.on("error", () => undefined);
  try {
    await once(socket, proxy.protocol === "https:" ? "secureConnect" : "connect", { signal: ending.signal });
    const greet = proxy.protocol === "socks5:" ? greetSocks5 : greetHttp;
    const reader = readerOf(socket, ending.signal);
    await greet(socket, proxy, destination, reader);
    if (reader.heldBytes() + socket.readableLength > 0) throw new ProxyFailure("sent more than it was asked for");
    return socket;
  } catch (error) {
    socket.destroy();
    if (error instanceof ProxyFailure || error instanceof ProxyRefusal) throw error;
    throw ending.signal.reason instanceof ProxyFailure ? ending.signal.reason : new ProxyFailure(describe(error));
  } finally {
    clearTimeout(timer);
    socket.off("close", onClose);
  }
}

function connectProxyTls(proxy: ProxyServer, secureContext: SecureContext): Socket {
  const servername = isIP(proxy.host) === 0 ? proxy.host : "";
  return connectTls({ host: proxy.host, port: proxy.port, servername, secureContext, ALPNProtocols: ["http/1.1"] });
}

function describe(error: unknown): string {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
  if (/CERT|SIGNATURE|ISSUER|SELF_SIGNED/.test(code)) return `shows a certificate that is not trusted (${code})`;
  if (code === "EPROTO" || code.startsWith("ERR_SSL")) return "does not offer an acceptable TLS connection";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "has a name that cannot be resolved";
  return `cannot be reached (${code})`;
}

async function greetHttp(socket: Socket, proxy: ProxyServer, to: Destination, reader: Reader): Promise<void> {
  const authority = `${isIP(to.host) === 6 ? `[${to.host}]` : to.host}:${to.port}`;
  const { credentials } = proxy;
  const basic = credentials && Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64");
  const authorization = basic === undefined ? "" : `Proxy-Authorization: Basic ${basic}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  let head = "";
  while (!head.includes("\r\n\r\n")) {
    head += (await reader.read()).toString("latin1");
    if (head.length > headBytesMax) throw new ProxyFailure("sent headers that are too large");
  }
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |\r)/.exec(head)?.[1]);
  if (status === 407) throw new ProxyFailure("does not accept the credentials in ASSAY_EGRESS_PROXY (407)");
  if (status >= 400) throw new ProxyRefusal(status < 500);
  if (!(status >= 200 && status < 300)) throw new ProxyFailure("sent an answer that is not valid HTTP");
  if (!head.endsWith("\r\n\r\n") || head.indexOf("\r\n\r\n") !== head.length - 4)
    throw new ProxyFailure("sent more than it was asked for");
}

// RFC 1928; method 2 is the user name and password of RFC 1929.
async function greetSocks5(socket: Socket, proxy: ProxyServer, to: Destination, reader: Reader): Promise<void> {
  const { credentials } = proxy;
  socket.write(Buffer.from(credentials ? [5, 2, 0, 2] : [5, 1, 0]));
  const [version, method] = await reader.read(2);
  if (version !== 5) throw new ProxyFailure("does not speak SOCKS5");
  if (method === 2 && credentials) {
    const [user, password] = [Buffer.from(credentials.user), Buffer.from(credentials.password)];
    socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
    const [, verdict] = await reader.read(2);
    if (verdict !== 0) throw new ProxyFailure("does not accept the credentials in ASSAY_EGRESS_PROXY");
  } else if (method !== 0) {
    throw new ProxyFailure("wants another kind of sign-in than ASSAY_EGRESS_PROXY gives");
  }
  socket.write(
    Buffer.concat([Buffer.from([5, 1, 0]), socksAddress(to.host), Buffer.from([to.port >> 8, to.port & 255])]),
  );
  const [replyVersion, reply, , kind] = await reader.read(4);
  if (replyVersion !== 5) throw new ProxyFailure("does not speak SOCKS5");
  if (reply !== 0) throw new ProxyRefusal(reply === 2);
  const lengths: Record<number, number> = { 1: 4, 4: 16 };
  const addressBytes = kind === 3 ? (await reader.read(1))[0] : lengths[kind ?? 0];
  if (addressBytes === undefined) throw new ProxyFailure("does not speak SOCKS5");
  await reader.read(addressBytes + 2);
}

function socksAddress(host: string): Buffer {
  if (isIP(host) !== 0) {
    const bytes = ipaddr.parse(host).toByteArray();
    return Buffer.from([bytes.length === 4 ? 1 : 4, ...bytes]);
  }
  return Buffer.concat([Buffer.from([3, Buffer.byteLength(host)]), Buffer.from(host)]);
}

interface Reader {
  read(count?: number): Promise<Buffer>;
  /** What came beyond all that was read. */
  heldBytes(): number;
}

/**
 * Reads so many bytes, or without a number whatever has come. All that is there is taken at once: a listener for "readable" that is added
 * while bytes wait fires again and again.
 */
function readerOf(socket: Socket, signal: AbortSignal): Reader {
  let held = Buffer.alloc(0);
  async function read(count?: number): Promise<Buffer> {
    while (held.length < (count ?? 1)) {
      signal.throwIfAborted();
      const chunk: Buffer | null = socket.read();
      if (chunk !== null) held = Buffer.concat([held, chunk]);
      else if (socket.readableEnded) throw new ProxyFailure("closed the connection");
      else await once(socket, "readable", { signal });
    }
    const taken = held.subarray(0, count);
    held = held.subarray(taken.length);
    return taken;
  }

  return { read, heldBytes: () => held.length };
}
