import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ToolError } from "../tool-error.ts";
import type { HttpExchange } from "./fixture.ts";

export interface UpstreamServer {
  /** "127.0.0.1:port" for each protocol. */
  readonly addresses: Readonly<Record<"http:" | "https:", string>>;
  /** The authority that vouches for the certificate, a PEM file. */
  readonly caFile: string;
  close(): Promise<void>;
}

/** A certificate for all the names, and the authority behind it, made by the openssl program. */
function makeCertificate(folder: string, names: readonly string[]): void {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  try {
    openssl("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Replay CA", "-days", "2");
    openssl("req", ...newKey, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=replay");
    writeFileSync(join(folder, "leaf.ext"), `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}\n`);
    const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "1", "-extfile", "leaf.ext", "-days", "2"];
    openssl("x509", "-req", "-in", "leaf.csr", ...signing, "-out", "leaf.pem");
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new ToolError(
      `The certificate for replaying could not be made: ${reason}. The openssl program is needed: apt-get install -y openssl.`,
    );
  }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Servers on loopback, plain and with TLS, that stand for all the hosts and hand each request to `answer`; null closes the connection. */
export async function startUpstreamServer(
  hosts: readonly string[],
  answer: (method: string, url: string) => HttpExchange | null,
): Promise<UpstreamServer> {
  const folder = mkdtempSync(join(tmpdir(), "assay-replay-"));
  try {
    makeCertificate(folder, ["replay.invalid", ...hosts]);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const handle = (protocol: string) => (request: IncomingMessage, response: ServerResponse) => {
    const exchange = answer(request.method ?? "", `${protocol}//${request.headers.host ?? ""}${request.url ?? ""}`);
    if (exchange === null || exchange.outage === "close") {
      request.socket.destroy();
      return;
    }
    const type = exchange.json === undefined ? "text/plain" : "application/json";
    // A kept connection that is closed without an answer would be asked again; an outage is to be one.
    response.shouldKeepAlive = false;
    response.writeHead(exchange.status, { "content-type": type, ...exchange.headers });
    response.end(bodyOf(exchange));
  };
  const read = (name: string) => readFileSync(join(folder, name));
  const plain = createHttpServer(handle("http:"));
  const tls = createHttpsServer({ key: read("leaf.key"), cert: read("leaf.pem") }, handle("https:"));
  const addresses = { "http:": await listen(plain), "https:": await listen(tls) };
  return {
    addresses,
    caFile: join(folder, "ca.pem"),
    async close() {
      await Promise.all(
        [plain, tls].map((server) => {
          server.closeAllConnections();
          return new Promise((resolve) => server.close(resolve));
        }),
      );
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function bodyOf({ json, body, bodyBase64 }: HttpExchange): string | Buffer {
  if (json !== undefined) return JSON.stringify(json);
  return bodyBase64 === undefined ? (body ?? "") : Buffer.from(bodyBase64, "base64");
}
