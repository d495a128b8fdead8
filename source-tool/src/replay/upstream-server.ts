import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HttpExchange } from "./fixture.ts";

export interface ReplayHttpsServer {
  readonly port: number;
  /** The authority that vouches for the certificate, a PEM file. */
  readonly caFile: string;
  close(): Promise<void>;
}

/** A certificate for all the names, and the authority behind it, made by the openssl program. */
function makeCertificate(folder: string, names: readonly string[]): void {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Replay CA", "-days", "2");
  openssl("req", ...newKey, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=replay");
  writeFileSync(join(folder, "leaf.ext"), `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}\n`);
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "1", "-extfile", "leaf.ext", "-days", "2"];
  openssl("x509", "-req", "-in", "leaf.csr", ...signing, "-out", "leaf.pem");
}

/** An HTTPS server on loopback that stands for all the hosts and hands every request to `answer`; null closes the connection. */
export async function startHttpsServer(
  hosts: readonly string[],
  answer: (method: string, url: string) => HttpExchange | null,
): Promise<ReplayHttpsServer> {
  const folder = mkdtempSync(join(tmpdir(), "assay-replay-"));
  makeCertificate(folder, hosts);
  const read = (name: string) => readFileSync(join(folder, name));
  const server = createServer({ key: read("leaf.key"), cert: read("leaf.pem") }, (request, response) => {
    const exchange = answer(request.method ?? "", `https://${request.headers.host ?? ""}${request.url ?? ""}`);
    if (exchange === null || exchange.outage === "close") {
      request.socket.destroy();
      return;
    }
    const type = exchange.json === undefined ? "text/plain" : "application/json";
    response.writeHead(exchange.status, { "content-type": type, ...exchange.headers });
    response.end(exchange.json === undefined ? (exchange.body ?? "") : JSON.stringify(exchange.json));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    caFile: join(folder, "ca.pem"),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
