import { ROOT_CONTEXT } from "@opentelemetry/api";
import fc from "fast-check";
import { createEgressBroker } from "../runners/common/src/egress/broker.ts";
import { startDnsServer, type DnsAnswer } from "../runners/common/src/egress/fixtures/dns-server.ts";
import { openFirewall, type ConnectionAttempt } from "./firewall.ts";
import { createCounts, fault, type FuzzTarget, type OpenTarget } from "./fuzz-target.ts";
import { isPublicAddress } from "./public-address.ts";
import { urlText } from "./url-arbitrary.ts";

// Every name has addresses of its own, so that an address tells who was reached without reading any URL a second time.
const addressesOfNames: Readonly<Record<string, readonly string[]>> = {
  "allowed.test": ["93.184.1.1"],
  "www.sub.test": ["93.184.2.1"],
  "a.b.sub.test": ["93.184.2.2"],
  "ports.test": ["93.184.3.1"],
  "xn--bcher-kva.test": ["93.184.4.1"],
  "six.test": ["2606:4700::1"],
  "private.sub.test": ["10.0.0.1"],
  "mixed.sub.test": ["93.184.2.3", "127.0.0.1"],
  "loop6.sub.test": ["93.184.2.4", "::1"],
  "internal.test": ["10.9.8.7"],
  "sub.test": ["45.0.0.1"],
  localhost: ["127.0.0.1"],
  metadata: ["169.254.169.254"],
};
const hosts = {
  named: [
    ...["allowed.test", "*.sub.test", "ports.test:8443", "bücher.test", "six.test", "93.184.216.34"],
    ...["internal.test:8080", "10.20.30.40:9200", "169.254.169.254", "localhost", "metadata"],
  ],
  any: ["*"],
  none: [],
};
const allowPrivate = ["internal.test:8080", "10.20.30.0/24:9200", "169.254.169.254", "metadata:80", "fd00:ec2::/32"];
const defaultPorts = [80, 443];
const portsOf = (name: string): number[] =>
  name === "ports.test" ? [8443] : name === "internal.test" ? [8080] : defaultPorts;
const isNamed = (name: string): boolean =>
  ["allowed.test", "ports.test", "xn--bcher-kva.test", "six.test", "internal.test"].includes(name) ||
  name.endsWith(".sub.test");

function bytesToText(hex: string): string {
  return hex.length === 8 ? [...Buffer.from(hex, "hex")].join(".") : hex.match(/..../g)!.join(":");
}

async function open(): Promise<OpenTarget> {
  const counts = createCounts();
  /** What DNS said in this case. */
  const answered = new Map<string, Set<string>>();
  let flips = 0;
  const dns = await startDnsServer((name, type) => {
    const coded = /^[46]-([0-9a-f]{8}|[0-9a-f]{32})\./.exec(name)?.[1];
    const flipped = name === "flip.sub.test" ? [(flips += 1) % 2 === 0 ? "127.0.0.1" : "93.184.2.5"] : undefined;
    const coded1 = coded === undefined ? undefined : [bytesToText(coded)];
    const all = coded1 ?? flipped ?? addressesOfNames[name] ?? (name.endsWith("elsewhere.test") ? ["45.0.0.2"] : []);
    const fitting = all.filter((address) => address.includes(":") === (type === "AAAA"));
    const known = answered.get(name) ?? new Set<string>();
    answered.set(name, known);
    for (const address of fitting) known.add(address);
    return fitting.map((data): DnsAnswer => ({ type, ttl: 0, data }));
  });
  const firewall = openFirewall(() => false);
  const broker = createEgressBroker({ allowPrivate, staticHosts: {}, dnsServers: [dns.address] });

  function isLegitimate({ address, port }: ConnectionAttempt, policy: keyof typeof hosts): boolean {
    if (policy === "none") return false;
    if (policy === "named" && address === "93.184.216.34") return defaultPorts.includes(port);
    if (policy === "named" && address === "10.20.30.40") return port === 9200;
    if (policy === "any" && !defaultPorts.includes(port)) return false;
    // One name must vouch for the address, and none of that name's addresses may be closed.
    const byName = [...answered].some(([name, addresses]) => {
      if (![...addresses].some((one) => isSameText(one, address))) return false;
      if (policy === "named" && !(isNamed(name) && portsOf(name).includes(port))) return false;
      return (policy === "named" && name === "internal.test") || [...addresses].every(isPublicAddress);
    });
    return byName || (policy === "any" && answered.size === 0 && isPublicAddress(address));
  }

  const arbitrary = fc.record({
    url: urlText,
    policy: fc.constantFrom(...(["named", "named", "any", "none"] as const)),
  });
  const property = fc.asyncProperty(arbitrary, async ({ url, policy }) => {
    answered.clear();
    firewall.attempts.length = 0;
    const lease = broker.lease({
      ...{ sourceId: "fuzz", hosts: hosts[policy], deadlineMs: Date.now() + 10_000, traceContext: ROOT_CONTEXT },
      ...{ signal: new AbortController().signal, onCall: () => {} },
    });
    const text = await lease.handle(JSON.stringify({ op: "http", method: "GET", url }));
    lease.close();
    for (const attempt of firewall.attempts) {
      if (!isLegitimate(attempt, policy)) fault(`went to ${attempt.address} port ${attempt.port} under "${policy}"`);
    }
    const reply = JSON.parse(text) as { ok: unknown; code: string; message: unknown };
    if (reply.ok !== false || typeof reply.message !== "string") fault(`an answer out of nowhere: ${text}`);
    if (!["EGRESS_DENIED", "UPSTREAM_ERROR"].includes(reply.code)) fault(`ended as ${reply.code}: ${text}`);
    if (reply.code === "EGRESS_DENIED" && firewall.attempts.length > 0) fault(`went out before it refused: ${text}`);
    for (const address of [...answered.values()].flatMap((all) => [...all])) {
      if (!url.includes(address) && text.includes(address)) fault(`tells of the address behind a name: ${text}`);
    }
    counts.add(
      firewall.attempts.length > 0
        ? "went to an allowed address"
        : reply.code === "EGRESS_DENIED"
          ? "refused"
          : "without an address",
    );
  });
  return {
    property: property as OpenTarget["property"],
    counts,
    async close() {
      await broker.close();
      firewall.close();
      await dns.close();
    },
  };
}

/** The same address in another spelling of IPv6; both are plain words of hexadecimal. */
function isSameText(left: string, right: string): boolean {
  if (!left.includes(":") || !right.includes(":")) return left === right;
  return new URL(`http://[${left}]/`).host === new URL(`http://[${right}]/`).host;
}

export const brokerUrls: FuzzTarget = {
  name: "broker-urls",
  about:
    "a URL in any spelling → the real broker with a real DNS server; every TCP connection that begins is held against its own list",
  share: 38_000,
  open,
};
