import { once } from "node:events";
import { Agent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { createEgressBroker } from "@assay/runner-common";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import { figure, p50, timed } from "./figures.ts";

const body = JSON.stringify({ data: "x".repeat(2000) });

/** What the broker adds to a request, against the same server asked directly in turn. */
export async function benchBroker(samples: number): Promise<void> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  const broker = createEgressBroker({ allowPrivate: ["up.test"], staticHosts: { "up.test": `127.0.0.1:${port}` } });
  const message = JSON.stringify({ op: "http", method: "GET", url: "http://up.test/" });

  async function direct(): Promise<void> {
    const request = get({ port, host: "127.0.0.1", agent });
    const [response] = await once(request, "response");
    await response.toArray();
  }
  async function throughBroker(): Promise<void> {
    const lease = broker.lease({
      ...{ sourceId: "bench", hosts: ["up.test"], deadlineMs: Date.now() + 10_000, traceContext: ROOT_CONTEXT },
      ...{ signal: new AbortController().signal, onCall: () => {} },
    });
    const reply = await lease.handle(message);
    lease.close();
    if (!reply.startsWith('{"ok":true')) throw new Error(`The broker refused: ${reply}`);
  }

  const [alone, brokered]: [number[], number[]] = [[], []];
  for (let n = 0; n < samples * 5 + 20; n++) {
    const [one, other] = [await timed(direct), await timed(throughBroker)];
    if (n < 20) continue;
    alone.push(one);
    brokered.push(other);
  }
  figure("a request directly, p50", p50(alone), "ms");
  figure("what the broker adds to it, p50", p50(brokered) - p50(alone), "ms", { atMost: 2 });
  await broker.close();
  agent.destroy();
  server.close();
}
