import { isIP, type Socket } from "node:net";
import { buildConnector, Pool } from "undici";
import { isSameAddress } from "./address-policy.ts";
import { createConcurrencyGate, type ConcurrencyGate } from "./concurrency-gate.ts";
import { createByteAllowance, createHttp2Guard, type ByteAllowance } from "./http2-guard.ts";
import type { EgressLimits } from "./limits.ts";
import type { ProxyServer } from "./proxy.ts";
import { openTunnel, ProxyFailure } from "./proxy-tunnel.ts";
import type { PinnedAddress } from "./resolve-host.ts";
import { openSecureContext } from "./secure-context.ts";
import type { Target } from "./target.ts";

/** The connection was never usable, so that the request has certainly not been sent. */
export class ConnectFailure extends Error {
  /** Another address of the host may do better; not where the proxy itself has failed. */
  readonly isOfAddress: boolean;

  constructor(cause: Error) {
    super("connecting failed", { cause });
    this.name = "ConnectFailure";
    this.isOfAddress = !(cause instanceof ProxyFailure);
  }
}

/** Kept-alive connections to one target at one address, by HTTP/2 where the server chooses it. */
export interface Upstream {
  readonly pool: Pool;
  /** Requests under way at once, whatever the protocol. */
  readonly gate: ConcurrencyGate;
  readonly allowance: ByteAllowance;
  /** Connections made so far. */
  connected: number;
}

export interface Connections {
  /** Shared by all leases, because a connection carries no identity. */
  upstreamFor(target: Target, pinned: PinnedAddress): Upstream;
  close(): Promise<void>;
}

const keepAliveMs = 4000;
const keepAliveMaxMs = 30_000;

/** Throws when `caFile` cannot be read or holds no certificate. */
export function createConnections(
  caFile: string | undefined,
  limits: EgressLimits,
  proxy: ProxyServer | undefined,
): Connections {
  const secureContext = openSecureContext(caFile);
  const connect = buildConnector({
    timeout: limits.connectTimeoutMs,
    allowH2: true,
    preferH2: true,
    // Node does not check the host name again on a resumed session; every new connection shall prove itself.
    maxCachedSessions: 0,
    rejectUnauthorized: true,
    secureContext,
  });
  const guard = createHttp2Guard();
  const upstreams = new Map<string, Upstream>();

  function openUpstream(target: Target, pinned: PinnedAddress): Upstream {
    const allowance = createByteAllowance();
    const pool = new Pool(target.url.origin, {
      connections: limits.connectionsPerTargetMax,
      pipelining: 1,
      h2Options: { maxConcurrentStreams: limits.connectionsPerTargetMax, pingInterval: 0 },
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMaxMs,
      headersTimeout: limits.headersTimeoutMs,
      bodyTimeout: limits.bodyIdleTimeoutMs,
      maxHeaderSize: limits.headerBytesMax,
      connect: (options, callback) => {
        const settle: buildConnector.Callback = (...result) => {
          const [error, socket] = result;
          if (error) return callback(new ConnectFailure(error), null);
          upstream.connected += 1;
          if ("alpnProtocol" in socket && socket.alpnProtocol === "h2") guard.watch(socket, allowance);
          return callback(...result);
        };
        const destination = { ...options, ...destinationOf(target, pinned) };
        if (proxy === undefined || !pinned.throughProxy) return connect(destination, checked(pinned, settle));
        return void connectThrough(proxy, destination, settle);
      },
    });
    const gate = createConcurrencyGate(limits.connectionsPerTargetMax);
    const upstream: Upstream = { pool, allowance, gate, connected: 0 };
    return upstream;
  }

  /** The tunnel and the TLS handshake inside it together have the time of one connection. */
  async function connectThrough(
    server: ProxyServer,
    destination: buildConnector.Options,
    callback: buildConnector.Callback,
  ): Promise<void> {
    const deadlineMs = performance.now() + limits.connectTimeoutMs;
    let tunnel: Socket;
    try {
      const to = { host: destination.hostname, port: Number(destination.port) };
      tunnel = await openTunnel(server, to, secureContext, limits.connectTimeoutMs);
    } catch (error) {
      return callback(error instanceof Error ? error : new Error("the tunnel failed"), null);
    }
    if (destination.protocol !== "https:") return callback(null, tunnel);
    const timer = setTimeout(() => tunnel.destroy(), Math.max(1, deadlineMs - performance.now()));
    return void connect({ ...destination, httpSocket: tunnel }, (...result) => {
      clearTimeout(timer);
      callback(...result);
    });
  }

  return {
    upstreamFor(target, pinned) {
      const way = pinned.throughProxy ? "proxy" : "direct";
      const key = `${target.url.origin} ${pinned.address} ${pinned.port} ${way}`;
      const upstream = upstreams.get(key) ?? openUpstream(target, pinned);
      upstreams.delete(key);
      upstreams.set(key, upstream);
      const [oldest] = upstreams;
      if (oldest && upstreams.size > limits.targetsKeptMax) {
        upstreams.delete(oldest[0]);
        oldest[1].pool.close().catch(() => undefined);
      }
      return upstream;
    },
    async close() {
      const open = [...upstreams.values()];
      upstreams.clear();
      guard.close();
      await Promise.allSettled(open.map(({ pool }) => pool.destroy()));
    },
  };
}

/** Connects to the address that was checked; the certificate must be good for the name that was asked for. */
function destinationOf(target: Target, pinned: PinnedAddress) {
  const isTlsToName = target.protocol === "https:" && isIP(target.host) === 0;
  return { hostname: pinned.address, port: String(pinned.port), servername: isTlsToName ? target.host : "" };
}

function checked(pinned: PinnedAddress, callback: buildConnector.Callback): buildConnector.Callback {
  return (error, socket) => {
    if (error) return callback(error, null);
    if (isSameAddress(socket.remoteAddress ?? "", pinned.address)) return callback(null, socket);
    socket.destroy();
    return callback(new Error("the connection went to another address"), null);
  };
}
