import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { isDeepStrictEqual } from "node:util";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import fc from "fast-check";
import { createEgressBroker } from "../runners/common/src/egress/broker.ts";
import { createTestCertificates } from "../runners/common/src/egress/fixtures/certificates.ts";
import { openFirewall } from "./firewall.ts";
import { createCounts, fault, type FuzzTarget, type OpenTarget } from "./fuzz-target.ts";
import { expectationOf, redirectScript, type Arrival, type RedirectScript, type Scheme } from "./redirect-script.ts";

const credentials = { authorization: "Bearer secret", cookie: "a=secret", "x-apikey": "secret" };

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function open(): Promise<OpenTarget> {
  const counts = createCounts();
  const certificates = createTestCertificates();
  let script: RedirectScript | undefined;
  let caseNumber = 0;
  const arrivals: Arrival[] = [];

  async function answer(scheme: Scheme, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await request.toArray()).join("");
    const [, number, hopText] = /^\/(\d+)\/(\d+)$/.exec(request.url ?? "") ?? [];
    const hop = Number(hopText ?? -1);
    const { authorization, cookie, "x-apikey": key, host = "" } = request.headers;
    const held = [authorization, cookie, key].filter((value) => value !== undefined).length;
    const isForCase = Number(number) === caseNumber && (held === 0 || held === 3);
    arrivals.push({
      scheme,
      host,
      hop: isForCase ? hop : -1,
      method: request.method ?? "",
      body,
      hasCredentials: held > 0,
    });
    const said = script?.hops[hop];
    for (const location of said?.form.write(`/${caseNumber}/${hop + 1}`, scheme) ?? [])
      response.appendHeader("location", location);
    response.writeHead(said?.status ?? 200).end();
  }

  const listener = (scheme: Scheme): RequestListener => {
    return (request, response) => void answer(scheme, request, response).catch(() => response.destroy());
  };
  const servers = [
    createServer(listener("http")),
    createTlsServer(certificates.issue(["first.test", "second.test"]), listener("https")),
  ] as const;
  // An idle connection that ends while a request is on its way over it would be a finding of its own, on a machine that stands still.
  for (const server of servers) server.keepAliveTimeout = 3_600_000;
  const [plain, secure] = [await listen(servers[0]), await listen(servers[1])];
  const firewall = openFirewall(({ address, port }) => address === "127.0.0.1" && (port === plain || port === secure));
  const broker = createEgressBroker({
    allowPrivate: ["127.0.0.1"],
    caFile: certificates.caFile,
    // Nobody answers there: every name of a script is pinned or refused before it is looked up.
    dnsServers: ["127.0.0.1:9"],
    staticHosts: {
      ...{
        "first.test:80": `127.0.0.1:${plain}`,
        "second.test:80": `127.0.0.1:${plain}`,
        "elsewhere.test": `127.0.0.1:${plain}`,
      },
      ...{
        "first.test:443": `127.0.0.1:${secure}`,
        "second.test:443": `127.0.0.1:${secure}`,
        "closed.test": "127.0.0.2",
      },
    },
  });

  const property = fc.asyncProperty(redirectScript, async (given) => {
    script = given;
    caseNumber += 1;
    arrivals.length = 0;
    firewall.attempts.length = 0;
    const lease = broker.lease({
      ...{ sourceId: "fuzz", hosts: ["first.test", "second.test", "closed.test"], deadlineMs: Date.now() + 10_000 },
      ...{ traceContext: ROOT_CONTEXT, signal: new AbortController().signal, onCall: () => {} },
    });
    const { scheme, method, body, redirect } = given;
    const headers = Object.entries(credentials);
    const url = `${scheme}://first.test/${caseNumber}/0`;
    const message = { op: "http", method, url, headers, redirect, ...(body === undefined ? {} : { bodyText: body }) };
    const text = await lease.handle(JSON.stringify(message));
    lease.close();
    const reply = JSON.parse(text) as { ok: boolean; status?: number; code?: string };
    const expected = expectationOf(given);
    const end = reply.ok ? reply.status : reply.code;
    const what = `${text.slice(0, 300)}\nasked: ${JSON.stringify(arrivals)}\nexpected: ${JSON.stringify(expected)}`;
    if (firewall.attempts.length > 0) fault(`went to ${JSON.stringify(firewall.attempts)}: ${what}`);
    if (end !== expected.end) fault(`ended as ${end}: ${what}`);
    if (!isDeepStrictEqual(arrivals, expected.arrivals)) fault(`asked otherwise: ${what}`);
    counts.add(reply.ok ? `answered after ${arrivals.length - 1} redirects` : String(end));
  });
  return {
    property: property as OpenTarget["property"],
    counts,
    async close() {
      await broker.close();
      firewall.close();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      certificates.remove();
    },
  };
}

export const brokerRedirects: FuzzTarget = {
  name: "broker-redirects",
  about:
    "a chain of redirects → the real broker and real HTTP and HTTPS servers; who was asked how is held against the rules, none through pure functions",
  share: 15_000,
  open,
};
