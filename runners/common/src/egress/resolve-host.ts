import { isIP } from "node:net";
import type { Context } from "@opentelemetry/api";
import { DnsFailure, type DnsClient } from "./dns-query.ts";
import { classifyAddress } from "./address-policy.ts";
import { denied, EgressError } from "./egress-error.ts";
import type { EgressLimits } from "./limits.ts";
import type { PrivateAllowance } from "./private-allowance.ts";
import type { ProxyServer } from "./proxy.ts";
import type { StaticHosts } from "./static-hosts.ts";
import { checkAddress, type Target } from "./target.ts";
import { inClientSpan } from "./tracing.ts";

/** Where a connection goes, and nowhere else. */
export interface PinnedAddress {
  /** An address that passed the policy; a name only where the proxy is the one who looks names up. */
  readonly address: string;
  readonly port: number;
  readonly throughProxy: boolean;
}

export interface HostResolver {
  /**
   * All addresses of a target, IPv4 first, every one checked: a single address that is not global refuses the host.
   * Throws an EgressError, or the signal's reason.
   */
  resolve(target: Target, signal: AbortSignal, traceContext: Context): Promise<PinnedAddress[]>;
}

/** What a lookup found out: addresses, or why there are none; and how long that holds, in milliseconds. */
interface HostAnswer {
  readonly addresses: string[];
  readonly failure: string;
  readonly lifetimeMs: number;
}

const cachedNamesMax = 1000;
const absenceRememberedMs = 5000;

export function createHostResolver(options: {
  readonly dns: DnsClient;
  readonly staticHosts: StaticHosts;
  readonly allowance: PrivateAllowance;
  readonly limits: EgressLimits;
  readonly proxy: ProxyServer | undefined;
}): HostResolver {
  const { allowance, proxy } = options;
  const cache = new Map<string, { readonly answer: HostAnswer; readonly expiresAt: number }>();

  async function addressesOf(host: string, signal: AbortSignal, traceContext: Context): Promise<string[]> {
    const cached = cache.get(host);
    const isFresh = cached !== undefined && cached.expiresAt > performance.now();
    const answer = isFresh ? cached.answer : await traced(host, signal, traceContext);
    if (!isFresh) remember(host, answer);
    if (answer.addresses.length > 0) return answer.addresses;
    throw new EgressError("UPSTREAM_ERROR", `could not resolve host ${host}: ${answer.failure}`, host);
  }

  function traced(host: string, signal: AbortSignal, traceContext: Context): Promise<HostAnswer> {
    const attributes = { "server.address": host, "dns.question.name": host };
    return inClientSpan(traceContext, `egress DNS ${host}`, attributes, () => lookUp(options.dns, host, signal));
  }

  function remember(host: string, answer: HostAnswer): void {
    cache.delete(host);
    // Where the proxy looks names up, this machine may know none of them; finding that out shall not delay every request.
    const isUnknown = proxy?.resolver === "proxy" && answer.addresses.length === 0;
    const lifetimeMs = Math.min(isUnknown ? Infinity : answer.lifetimeMs, options.limits.dnsCacheMaxMs);
    cache.set(host, { answer, expiresAt: performance.now() + lifetimeMs });
    const oldest = cache.keys().next().value;
    if (cache.size > cachedNamesMax && oldest !== undefined) cache.delete(oldest);
  }

  /** What the operator opened or pinned is his own network, where the proxy does not lead; a bypass says so itself. */
  function isDirect(target: Target, candidate: { readonly address: string; readonly port: number }): boolean {
    return (
      proxy === undefined ||
      classifyAddress(candidate.address) !== "global" ||
      allowance.permitsName(target.host, target.port) ||
      proxy.bypasses(target.host, target.port) ||
      proxy.bypasses(candidate.address, candidate.port)
    );
  }

  async function resolveHere(target: Target, signal: AbortSignal, traceContext: Context): Promise<PinnedAddress[]> {
    const addresses = isIP(target.host) === 0 ? await addressesOf(target.host, signal, traceContext) : [target.host];
    return addresses.map((address) => {
      const candidate = { address, port: target.port };
      checkAddress(target, candidate, allowance);
      return { ...candidate, throughProxy: !isDirect(target, candidate) };
    });
  }

  /** The proxy looks the name up; what this machine knows of it is held against the policy all the same. */
  async function resolveThere(target: Target, signal: AbortSignal, traceContext: Context): Promise<PinnedAddress[]> {
    // A proxy would put its own search domains behind a single label.
    if (!target.host.includes(".")) throw denied(`${target.host} is not a full host name.`, target.host);
    try {
      const known = await resolveHere(target, signal, traceContext);
      if (known.some(({ throughProxy }) => !throughProxy)) return known;
    } catch (error) {
      if (signal.aborted || (error instanceof EgressError && error.code === "EGRESS_DENIED")) throw error;
    }
    return [{ address: target.host, port: target.port, throughProxy: true }];
  }

  return {
    async resolve(target, signal, traceContext) {
      const pinned = options.staticHosts(target.host, target.port);
      if (pinned) {
        checkAddress(target, pinned, allowance);
        return [{ ...pinned, throughProxy: false }];
      }
      const isNameOfProxy =
        proxy?.resolver === "proxy" &&
        isIP(target.host) === 0 &&
        !allowance.permitsName(target.host, target.port) &&
        !proxy.bypasses(target.host, target.port);
      return isNameOfProxy ? resolveThere(target, signal, traceContext) : resolveHere(target, signal, traceContext);
    },
  };
}

async function lookUp(dns: DnsClient, host: string, signal: AbortSignal): Promise<HostAnswer> {
  const results = await Promise.allSettled([
    dns.query((resolver) => resolver.resolve4(host, { ttl: true }), signal),
    dns.query((resolver) => resolver.resolve6(host, { ttl: true }), signal),
  ]);
  signal.throwIfAborted();
  const records = results.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
  if (records.length > 0) {
    const lifetimeMs = Math.min(...records.map((record) => record.ttl * 1000));
    return { addresses: records.map((record) => record.address), failure: "", lifetimeMs };
  }
  const failures = results.flatMap((result): unknown[] => (result.status === "rejected" ? [result.reason] : []));
  const known = failures.filter((reason) => reason instanceof DnsFailure);
  const failure = known.find((reason) => reason.code !== "NODATA") ?? known[0];
  const isFact =
    known.length === failures.length && known.every(({ code }) => code === "NXDOMAIN" || code === "NODATA");
  return {
    addresses: [],
    failure: failure?.message ?? "the lookup failed",
    lifetimeMs: isFact ? absenceRememberedMs : 0,
  };
}
