import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface EchoingUpstream {
  /** `name:port`, over TLS. */
  readonly host: string;
  /** The same name at a port to which the proxy lets nobody through. */
  readonly refusedHost: string;
  /** What makes the egress broker reach and trust it, through a proxy that wants these credentials. */
  readonly env: Readonly<Record<string, string>>;
  /** Keys that calls came with. */
  readonly keysSeen: ReadonlySet<string>;
  /** Calls that wait for their answer. */
  readonly waiting: number;
  /** Answers those. */
  release(): void;
  close(): void;
}

const name = "api.planted.test";
/** By the last part of the path; 200 for all else. */
const statuses: Readonly<Record<string, number>> = { "192.0.2.101": 401, "192.0.2.102": 429, "192.0.2.103": 500 };
export const redirectingIndicator = "192.0.2.105";
export const waitingIndicator = "192.0.2.109";

/** An upstream that gives back whatever it was sent, in every way that it can think of, behind a proxy that does the same when it refuses. */
export async function startEchoingUpstream(proxyUser: string, proxyPassword: string): Promise<EchoingUpstream> {
  const folder = mkdtempSync(join(tmpdir(), "assay-upstream-"));
  const held: (() => void)[] = [];
  const keysSeen = new Set<string>();
  const upstream = createHttpsServer(issueCertificate(folder), (request, response) => {
    const key = request.headers["x-key"]?.toString() ?? "";
    keysSeen.add(key);
    const url = new URL(request.url ?? "/", `https://${name}`);
    const last = url.pathname.split("/").at(-1) ?? "";
    const headers = {
      "content-type": "application/json",
      "x-echo": key,
      "retry-after": "1",
      "set-cookie": `key=${key}`,
    };
    const answer = (): void => {
      if (last === redirectingIndicator) {
        response.writeHead(302, { ...headers, location: `/moved?again=${encodeURIComponent(key)}` }).end(key);
        return;
      }
      const bytes = Buffer.from(key);
      const written = [
        key,
        bytes.toString("base64"),
        bytes.toString("base64url"),
        bytes.toString("hex"),
        encodeURIComponent(key),
      ];
      const shifted = [`:${key}`, `::${key}`].map((text) => Buffer.from(text).toString("base64"));
      const body = { url: request.url, headers: request.headers, written, shifted, nested: JSON.stringify({ key }) };
      response.writeHead(statuses[last] ?? 200, headers).end(JSON.stringify(body));
    };
    if (last === waitingIndicator) held.push(answer);
    else answer();
  }).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const { port } = upstream.address() as AddressInfo;

  const expected = `Basic ${Buffer.from(`${proxyUser}:${proxyPassword}`).toString("base64")}`;
  const proxy = createHttpServer().listen(0, "127.0.0.1");
  proxy.on("connect", (request, client) => {
    const given = request.headers["proxy-authorization"];
    client.on("error", () => undefined);
    if (given !== expected || !request.url?.endsWith(`:${port}`)) {
      client.end(
        `HTTP/1.1 407 ${given}\r\nx-echo: ${given}\r\nproxy-authenticate: Basic realm="${proxyPassword}"\r\n\r\n${given}`,
      );
      return;
    }
    const through = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      client.pipe(through).pipe(client);
    });
    through.on("error", () => client.destroy());
    client.on("close", () => through.destroy());
  });
  await once(proxy, "listening");
  const proxyPort = (proxy.address() as AddressInfo).port;
  const credentials = `${encodeURIComponent(proxyUser)}:${encodeURIComponent(proxyPassword)}`;
  return {
    host: `${name}:${port}`,
    refusedHost: `${name}:${proxyPort}`,
    env: {
      ASSAY_EGRESS_CA_FILE: join(folder, "ca.pem"),
      ASSAY_EGRESS_PROXY: `http://${credentials}@127.0.0.1:${proxyPort}`,
      // An address of this machine would be reached past the proxy.
      ASSAY_EGRESS_PROXY_RESOLVER: "proxy",
    },
    keysSeen,
    get waiting() {
      return held.length;
    },
    release: () => held.splice(0).forEach((answer) => answer()),
    close() {
      for (const server of [upstream, proxy]) {
        server.close();
        server.closeAllConnections();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A certificate for the name, by an authority whose own is in `ca.pem`; made by the openssl program. */
function issueCertificate(folder: string): { readonly key: Buffer; readonly cert: Buffer } {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Planted CA", "-days", "2");
  openssl("req", ...newKey, "-keyout", "key.pem", "-out", "leaf.csr", "-subj", "/CN=leaf");
  writeFileSync(join(folder, "leaf.ext"), `subjectAltName=DNS:${name}\n`);
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "1", "-extfile", "leaf.ext", "-days", "2"];
  openssl("x509", "-req", "-in", "leaf.csr", ...signing, "-out", "cert.pem");
  return { key: readFileSync(join(folder, "key.pem")), cert: readFileSync(join(folder, "cert.pem")) };
}
