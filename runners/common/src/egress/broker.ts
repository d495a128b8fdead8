import { createConnections } from "./connections.ts";
import { createDnsClient } from "./dns-query.ts";
import { download, type Download, type DownloadRequest } from "./download.ts";
import { denied } from "./egress-error.ts";
import { isIP } from "node:net";
import { parseHostAndPort } from "./host-and-port.ts";
import { openLease, type EgressLease, type LeaseRequest } from "./lease.ts";
import { egressLimits, type EgressLimits } from "./limits.ts";
import { parsePrivateAllowance } from "./private-allowance.ts";
import { parseProxy, type ProxyOptions } from "./proxy.ts";
import { createHostResolver } from "./resolve-host.ts";
import { parseStaticHosts } from "./static-hosts.ts";

export type { HttpCallRecord } from "./call-record.ts";
export type { EgressLease, LeaseRequest } from "./lease.ts";
export { egressLimits, type EgressLimits } from "./limits.ts";

export interface EgressOptions {
  /**
   * Private destinations that sources naming them may reach: "host[:port]", "address[:port]" or "CIDR[:port]"
   * ("[fd00::/8]:443"). Metadata services stay closed whatever stands here.
   */
  readonly allowPrivate: readonly string[];
  /** "name[:port]" → "address[:port]": answers in place of DNS. A private address needs an `allowPrivate` entry as well. */
  readonly staticHosts: Readonly<Record<string, string>>;
  /** PEM file of further certificate authorities, in addition to the default ones. */
  readonly caFile?: string;
  /** "ip[:port]" each. Default: the system's. */
  readonly dnsServers?: readonly string[];
  /** Default: every connection is made directly. */
  readonly proxy?: ProxyOptions;
  readonly limits?: Partial<EgressLimits>;
}

export interface EgressBroker {
  lease(request: LeaseRequest): EgressLease;
  /** Fetches a file for the backend itself, under the same rules. Throws an EgressError. */
  download(request: DownloadRequest): Promise<Download>;
  /** Aborts everything under way and closes all connections. */
  close(): Promise<void>;
}

/**
 * Makes every request that user code asks for: checks, resolves, pins, limits, traces and records it.
 * Throws an Error that names the entry when an option is not valid.
 */
export function createEgressBroker(options: EgressOptions): EgressBroker {
  const limits: EgressLimits = { ...egressLimits, ...options.limits };
  const allowance = parsePrivateAllowance(options.allowPrivate);
  const staticHosts = parseStaticHosts(options.staticHosts);
  const dns = createDnsClient((options.dnsServers ?? []).map(checkServer), limits.dnsTimeoutMs);
  const proxy = options.proxy && parseProxy(options.proxy);
  const connections = createConnections(options.caFile, limits, proxy);
  const resolver = createHostResolver({ dns, staticHosts, allowance, limits, proxy });
  const closing = new AbortController();
  const parts = { dns, resolver, connections, allowance, limits };
  return {
    lease: (request) => openLease(request, parts, closing.signal),
    download: (request) => download(request, parts, closing.signal),
    async close() {
      closing.abort(denied("The runner is stopping."));
      await connections.close();
    },
  };
}

function checkServer(text: string): string {
  if (isIP(parseHostAndPort(text).host) === 0)
    throw new Error(`DNS server "${text}": give an IP address, with a port if need be.`);
  return text;
}
