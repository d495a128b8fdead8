import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { openInternet, type Internet } from "./egress-internet.ts";
import { openSecretsUpstream, type SecretsUpstream } from "./secrets-upstream.ts";

/** A server that stands for the internet. It is up as long as the runner, which is told of it at its start. */
export interface Upstream {
  /** Name by which sources reach it, over http on port 80. */
  readonly host: string;
  /** All else that sources may try to reach. */
  readonly internet: Internet;
  /** The hosts of secrets, over https. */
  readonly secrets: SecretsUpstream;
  /** Settings of the runner that lead there. */
  readonly settings: Readonly<Record<string, string>>;
  /** Answers all requests for `/late`, which wait until then, and closes their connections. */
  readonly release: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts it on a free port. `/late` waits for `release`; every other path answers `{"fine":true}` at once. */
export async function openUpstream(): Promise<Upstream> {
  const late = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    response.setHeader("connection", "close");
    if (request.url !== "/late") response.end('{"fine":true}');
    else {
      late.add(response);
      response.once("close", () => late.delete(response));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const host = "upstream.test";
  const secrets = await openSecretsUpstream();
  const { allowPrivate, staticHosts } = secrets.egress;
  const internet = await openInternet(secrets.egress.caFile);
  const pinned = Object.entries({ ...staticHosts, ...internet.staticHosts, [host]: `127.0.0.1:${port}` });
  return {
    host,
    secrets,
    internet,
    settings: {
      ASSAY_EGRESS_HOSTS: pinned.map(([name, address]) => `${name}=${address}`).join(","),
      ASSAY_EGRESS_ALLOW_PRIVATE: [host, ...allowPrivate, ...Object.keys(internet.staticHosts)].join(","),
      ASSAY_EGRESS_CA_FILE: internet.caFile,
      ASSAY_EGRESS_DNS_SERVERS: internet.dnsServer,
    },
    async release() {
      await Promise.all([...late].map((response) => once(response.end('{"late":true}'), "close")));
    },
    async close() {
      await internet.close();
      await secrets.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
