import { createServer } from "node:net";
import { Failure } from "../failure.ts";

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** Listens for a moment on `host:port` (0: any free port) and resolves with the port. Rejects with the system's error. */
async function tryPort(host: string, port: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === "object" && address !== null ? address.port : port;
}

/** A port of the loopback address that is free now: `preferred`, if it still is. */
export async function freePort(preferred = 0): Promise<number> {
  return tryPort("127.0.0.1", preferred).catch(() => tryPort("127.0.0.1", 0));
}

/** @throws Failure where the server could not listen on `host:port`. */
export async function checkPortFree(host: string, port: number): Promise<void> {
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is taken by another program: stop that one, or set ASSAY_PORT to a free port.`,
    EACCES: `Port ${port} may not be used by this user: set ASSAY_PORT to one above 1023.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine: set ASSAY_HOST to one that is, such as 127.0.0.1.`,
    ENOTFOUND: `${host} is not an address of this machine: set ASSAY_HOST to one that is, such as 127.0.0.1.`,
  };
  try {
    await tryPort(host, port);
  } catch (error) {
    const code = codeOf(error);
    throw new Failure(
      reasons[code] ?? `Assay cannot listen on ${host}:${port} (${code}): set ASSAY_HOST and ASSAY_PORT.`,
    );
  }
}
