import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EgressOptions } from "../src/egress/broker.ts";
import { createTestCertificates } from "../src/egress/fixtures/certificates.ts";
import { secretHosts } from "./egress-secrets.ts";

export interface SeenRequest {
  readonly host: string;
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server that is both hosts, over TLS, and gives back whatever it gets. */
export interface SecretsUpstream {
  /** Of a broker that reaches it. */
  readonly egress: EgressOptions & { readonly caFile: string };
  /** What has come in, the oldest first. */
  readonly seen: SeenRequest[];
  readonly close: () => Promise<void>;
}

/** Starts it on a free port. */
export async function openSecretsUpstream(): Promise<SecretsUpstream> {
  const certificates = createTestCertificates();
  const seen: SeenRequest[] = [];
  let kept = Buffer.alloc(0);

  function answer({ url, headers, body, method }: SeenRequest, response: ServerResponse): void {
    const key = url.searchParams.get("k") ?? "";
    const [, credentials = ""] = /^Basic (.*)/.exec(headers["authorization"] ?? "") ?? [];
    const pair = Buffer.from(credentials, "base64").toString("utf8");
    const echo = JSON.stringify({ method, url: url.href, key, headers, pair, body });
    const onward = `https://${secretHosts.other}/echo`;
    if (url.pathname === "/redirect") {
      response.writeHead(302, { location: `${onward}?k=${encodeURIComponent(key)}` }).end(`moved with ${key}`);
    } else if (url.pathname === "/onward") response.writeHead(307, { location: onward }).end();
    else if (url.pathname === "/fail") response.writeHead(500, `No ${encodeURIComponent(key)}`).end(echo);
    else if (url.pathname === "/cut") {
      response.writeHead(200, { "content-length": 10_000, "x-key": encodeURIComponent(key) }).write(echo);
      setImmediate(() => response.destroy());
    } else if (url.pathname === "/kept" || headers["range"] !== undefined) {
      const [, from = "0", to = ""] = /^bytes=(\d+)-(\d*)/.exec(headers["range"] ?? "") ?? [];
      response.end(kept.subarray(Number(from), to === "" ? undefined : Number(to) + 1));
    } else {
      if (url.pathname === "/keep") kept = Buffer.from(body);
      const written = {
        "x-form": new URLSearchParams({ key }).toString(),
        "x-basic": Buffer.from(pair).toString("base64"),
      };
      response.writeHead(200, { "content-type": "application/json", ...written }).end(echo);
    }
  }

  async function listener(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat((await request.toArray()) as Buffer[]).toString("utf8");
    const { method = "", headers } = request;
    const host = headers.host ?? "";
    const texts = Object.entries(headers).map(([name, text]) => [
      name,
      Buffer.from(String(text), "latin1").toString("utf8"),
    ]);
    const one = { host, method, body, headers: Object.fromEntries(texts) as Record<string, string> };
    const whole = { ...one, url: new URL(request.url ?? "/", `https://${host}`) };
    seen.push(whole);
    answer(whole, response);
  }

  const names = Object.values(secretHosts);
  const server = createServer(certificates.issue(names), (request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    egress: {
      caFile: certificates.caFile,
      allowPrivate: names,
      staticHosts: Object.fromEntries(names.map((name) => [name, `127.0.0.1:${port}`])),
    },
    seen,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      certificates.remove();
    },
  };
}
