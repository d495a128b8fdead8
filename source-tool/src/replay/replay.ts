import { isIP } from "node:net";
import type { SecretSlot } from "@assay/contract";
import type { Answer, SecretValue } from "@assay/proto";
import { createEgressBroker } from "@assay/runner-common";
import { runSourceOnce } from "../run-source.ts";
import type { Sandboxes } from "../sandboxes.ts";
import type { WholeSource } from "../source-folder.ts";
import { startDnsServer } from "./dns-server.ts";
import { type DnsExchange, type FixtureCase, type HttpExchange, isHttp, replayedSecret } from "./fixture.ts";
import { startUpstreamServer } from "./upstream-server.ts";

/** What a source made of a case. */
export interface Replayed {
  readonly answer: Answer;
  /** Requests that the case has no answer to: "GET https://…". */
  readonly unexpected: string[];
  /** Answers of the case that nobody asked for: "GET https://…". */
  readonly unused: string[];
}

export interface Replay {
  /** One at a time: the servers answer for the case of the moment. */
  run(source: WholeSource, fixture: FixtureCase): Promise<Replayed>;
  close(): Promise<void>;
}

const secretOf = ({ name, exposed }: SecretSlot, hosts: readonly string[]): SecretValue => ({
  ...{ name, exposed, hosts },
  value: replayedSecret(name),
});
const defaultPorts = { "http:": "80", "https:": "443" } as const;

function urlsOf(cases: readonly FixtureCase[]): URL[] {
  return cases.flatMap(({ upstream }) => upstream.filter(isHttp).map(({ url }) => new URL(url)));
}

/**
 * Opens the real broker before servers on loopback that stand for all hosts of the cases.
 * @param sandboxes stay open when the replay closes
 */
export async function openReplay(sandboxes: Sandboxes, cases: readonly FixtureCase[]): Promise<Replay> {
  const urls = urlsOf(cases);
  let current: FixtureCase["upstream"] = [];
  let waiting: HttpExchange[] = [];
  let unexpected: string[] = [];

  const names = [...new Set(urls.map(({ hostname }) => hostname))].filter((name) => isIP(name) === 0);
  const upstream = await startUpstreamServer(names, (method, url) => {
    const at = waiting.findIndex((exchange) => exchange.method === method && new URL(exchange.url).href === url);
    if (at < 0) unexpected.push(`${method} ${url}`);
    return at < 0 ? null : (waiting.splice(at, 1)[0] ?? null);
  });
  const dns = await startDnsServer(() => current.filter((exchange): exchange is DnsExchange => !isHttp(exchange)));
  const pinned = urls.map(({ hostname, port, protocol }) => {
    const known = protocol === "http:" ? "http:" : "https:";
    return [`${hostname}:${port || defaultPorts[known]}`, upstream.addresses[known]] as const;
  });
  const egress = createEgressBroker({
    staticHosts: Object.fromEntries(pinned),
    allowPrivate: ["127.0.0.1"],
    caFile: upstream.caFile,
    dnsServers: [dns.address],
  });

  return {
    async run(source, fixture) {
      current = fixture.upstream;
      waiting = current.filter(isHttp);
      unexpected = [];
      const { hosts, secrets } = source.manifest;
      const named = urlsOf([fixture]).map(({ host }) => host);
      // A star opens public addresses only, and the replay is on loopback: there the hosts are named.
      const opened = (patterns: readonly string[]) => (patterns.includes("*") ? [...patterns, ...named] : patterns);
      const answer = await runSourceOnce({ sandboxes, egress }, source, {
        indicator: fixture.indicator,
        config: fixture.config,
        secrets: secrets
          .filter(({ name }) => fixture.secrets?.includes(name) ?? true)
          .map((slot) => secretOf(slot, opened(slot.hosts))),
        hosts: opened(hosts),
        signal: new AbortController().signal,
      });
      return { answer, unexpected, unused: waiting.map(({ method, url }) => `${method} ${url}`) };
    },
    async close() {
      await egress.close();
      await Promise.all([upstream.close(), dns.close()]);
    },
  };
}
