import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { effectiveConfig, type SourceManifest } from "@assay/contract";
import {
  createEgressBroker,
  detectFence,
  type EgressBroker,
  type Executor,
  type Fence,
  type SandboxOutcome,
} from "@assay/runner-common";
import { createJavascriptExecutor } from "@assay/runner-javascript";
import { createPythonExecutor, findInterpreter } from "@assay/runner-python";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import { startDnsServer } from "./dns-server.ts";
import type { DnsExchange, FixtureCase, HttpExchange } from "./fixture.ts";
import { startHttpsServer } from "./https-server.ts";

/** What a source made of a case. */
export interface Replayed {
  readonly outcome: SandboxOutcome;
  /** Requests that the fixture has no answer to: "GET https://…". */
  readonly unexpected: string[];
  /** Answers of the fixture that nobody asked for: "GET https://…". */
  readonly unused: string[];
}

export interface Replay {
  run(folder: string, manifest: SourceManifest, fixture: FixtureCase): Promise<Replayed>;
  close(): Promise<void>;
}

const codeFiles = { javascript: "source.js", typescript: "source.ts", python: "source.py" } as const;

function isHttp(exchange: HttpExchange | DnsExchange): exchange is HttpExchange {
  return "url" in exchange;
}

function hostsOf(fixture: FixtureCase): string[] {
  return fixture.upstream.filter(isHttp).map(({ url }) => new URL(url).hostname);
}

/** Opens the real sandboxes and the real broker, with all hosts of the cases answered by servers on loopback. */
export async function openReplay(cases: readonly FixtureCase[]): Promise<Replay> {
  const hosts = [...new Set(cases.flatMap(hostsOf))];
  let current: FixtureCase["upstream"] = [];
  let waiting: HttpExchange[] = [];
  let unexpected: string[] = [];

  const https = await startHttpsServer(hosts, (method, url) => {
    const at = waiting.findIndex((exchange) => exchange.method === method && exchange.url === url);
    if (at < 0) unexpected.push(`${method} ${url}`);
    return at < 0 ? null : (waiting.splice(at, 1)[0] ?? null);
  });
  const dns = await startDnsServer(() => current.filter((exchange): exchange is DnsExchange => !isHttp(exchange)));
  const broker = createEgressBroker({
    staticHosts: Object.fromEntries(hosts.map((host) => [host, `127.0.0.1:${https.port}`])),
    allowPrivate: ["127.0.0.1"],
    caFile: https.caFile,
    dnsServers: [dns.address],
  });
  const fence = await detectFence({ sandbox: "on" });
  const executors: Record<SourceManifest["language"], Executor> = await openExecutors(fence);

  return {
    async run(folder, manifest, fixture) {
      current = fixture.upstream;
      waiting = current.filter(isHttp);
      unexpected = [];
      const outcome = await runOnce(executors[manifest.language], broker, folder, manifest, fixture);
      return { outcome, unexpected, unused: waiting.map(({ method, url }) => `${method} ${url}`) };
    },
    async close() {
      await Promise.all(Object.values(executors).map((executor) => executor.close()));
      await broker.close();
      await Promise.all([https.close(), dns.close()]);
      fence.close();
    },
  };
}

async function openExecutors(fence: Fence): Promise<Record<SourceManifest["language"], Executor>> {
  const python = createPythonExecutor({ fence, interpreter: await findInterpreter("/usr/bin/python3") });
  const javascript = await createJavascriptExecutor({ fence, processes: 1 });
  return { python, javascript, typescript: javascript };
}

async function runOnce(
  executor: Executor,
  broker: EgressBroker,
  folder: string,
  manifest: SourceManifest,
  fixture: FixtureCase,
): Promise<SandboxOutcome> {
  const code = readFileSync(join(folder, codeFiles[manifest.language]), "utf8");
  const unit = { sourceId: basename(folder), codeHash: createHash("sha256").update(code).digest("hex"), code };
  const { signal } = new AbortController();
  const deadlineMs = Date.now() + manifest.timeout;
  // A star opens public addresses only, and the replay is on loopback: there the hosts are named.
  const hosts = manifest.hosts.includes("*") ? [...manifest.hosts, ...hostsOf(fixture)] : manifest.hosts;
  const lease = broker.lease({
    sourceId: unit.sourceId,
    hosts,
    deadlineMs,
    signal,
    traceContext: ROOT_CONTEXT,
    onCall: () => undefined,
  });
  try {
    return await executor.run({
      unit,
      inputJson: JSON.stringify({
        indicator: fixture.indicator,
        config: effectiveConfig(manifest.config, fixture.config),
        deadlineMs,
      }),
      timeoutMs: manifest.timeout,
      signal,
      onEgress: (request) => lease.handle(request),
      onLog: () => undefined,
    });
  } finally {
    lease.close();
  }
}
