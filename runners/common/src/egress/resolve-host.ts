import { isIP } from "node:net";
import type { Context } from "@opentelemetry/api";
import { DnsFailure, type DnsClient } from "./dns-query.ts";
import { EgressError } from "./egress-error.ts";
import type { EgressLimits } from "./limits.ts";
import type { PrivateAllowance } from "./private-allowance.ts";
import type { StaticHosts } from "./static-hosts.ts";
import { checkAddress, type Target } from "./target.ts";
import { inClientSpan } from "./tracing.ts";

/** An address that passed the policy; the connection goes there and nowhere else. */
export interface PinnedAddress {
  readonly address: string;
  readonly port: number;
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
}): HostResolver {
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
    cache.set(host, {
      answer,
      expiresAt: performance.now() + Math.min(answer.lifetimeMs, options.limits.dnsCacheMaxMs),
    });
    const oldest = cache.keys().next().value;
    if (cache.size > cachedNamesMax && oldest !== undefined) cache.delete(oldest);
  }

  return {
    async resolve(target, signal, traceContext) {
      const pinned = options.staticHosts(target.host, target.port);
      if (pinned) {
        checkAddress(target, pinned, options.allowance);
        return [pinned];
      }
      const addresses = isIP(target.host) === 0 ? await addressesOf(target.host, signal, traceContext) : [target.host];
      return addresses.map((address) => {
        const candidate = { address, port: target.port };
        checkAddress(target, candidate, options.allowance);
        return candidate;
      });
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
