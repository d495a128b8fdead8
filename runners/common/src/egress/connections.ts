import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { buildConnector, Pool } from "undici";
import { isSameAddress } from "./address-policy.ts";
import type { EgressLimits } from "./limits.ts";
import type { PinnedAddress } from "./resolve-host.ts";
import type { Target } from "./target.ts";

/** The connection was never usable, so that the request has certainly not been sent. */
export class ConnectFailure extends Error {
  constructor(cause: Error) {
    super("connecting failed", { cause });
    this.name = "ConnectFailure";
  }
}

export interface Connections {
  /** Kept-alive connections to one target at one address; shared by all leases, because a connection carries no identity. */
  poolFor(target: Target, pinned: PinnedAddress): Pool;
  close(): Promise<void>;
}

const keepAliveMs = 4000;
const keepAliveMaxMs = 30_000;

/** Throws when `caFile` cannot be read or holds no certificate. */
export function createConnections(caFile: string | undefined, limits: EgressLimits): Connections {
  const connect = buildConnector({
    timeout: limits.connectTimeoutMs,
    allowH2: false,
    // Node does not check the host name again on a resumed session; every new connection shall prove itself.
    maxCachedSessions: 0,
    rejectUnauthorized: true,
    secureContext: openSecureContext(caFile),
  });
  const pools = new Map<string, Pool>();

  function openPool(target: Target, pinned: PinnedAddress): Pool {
    return new Pool(target.url.origin, {
      connections: limits.connectionsPerTargetMax,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMaxMs,
      headersTimeout: limits.headersTimeoutMs,
      bodyTimeout: limits.bodyIdleTimeoutMs,
      maxHeaderSize: limits.headerBytesMax,
      connect: (options, callback) =>
        connect({ ...options, ...destinationOf(target, pinned) }, checked(pinned, callback)),
    });
  }

  return {
    poolFor(target, pinned) {
      const key = `${target.url.origin} ${pinned.address} ${pinned.port}`;
      const pool = pools.get(key) ?? openPool(target, pinned);
      pools.delete(key);
      pools.set(key, pool);
      const [oldest] = pools;
      if (oldest && pools.size > limits.targetsKeptMax) {
        pools.delete(oldest[0]);
        oldest[1].close().catch(() => undefined);
      }
      return pool;
    },
    async close() {
      const open = [...pools.values()];
      pools.clear();
      await Promise.allSettled(open.map((pool) => pool.destroy()));
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
    if (error) return callback(new ConnectFailure(error), null);
    if (isSameAddress(socket.remoteAddress ?? "", pinned.address)) return callback(null, socket);
    socket.destroy();
    return callback(new ConnectFailure(new Error("the connection went to another address")), null);
  };
}

function openSecureContext(caFile: string | undefined): SecureContext {
  if (caFile === undefined) return createSecureContext({ minVersion: "TLSv1.2" });
  const extra = readFileSync(caFile, "utf8");
  if (!extra.includes("-----BEGIN CERTIFICATE-----"))
    throw new Error(`The CA file ${caFile} holds no PEM certificate.`);
  return createSecureContext({ minVersion: "TLSv1.2", ca: [...getCACertificates("default"), extra] });
}
