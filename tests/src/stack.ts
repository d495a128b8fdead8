import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Client, createClient } from "@assay/contract";

/** The whole of Assay, started as a user starts it, with a data directory of its own. */
export interface Stack {
  readonly url: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  /** Signed in as the administrator by HTTP Basic. */
  readonly client: Client;
  /** The launcher; everything else is below it. */
  readonly process: ChildProcess;
  readonly dataDir: string;
  /** What it has printed so far. */
  output(): string;
  close(): Promise<void>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const readyMs = 120_000;
const admin = { email: "admin@assay.test", password: "a long enough password" };

/** Starts Assay on a free port and resolves when it is ready. `env` is added to its environment. */
export async function startStack(env: Readonly<Record<string, string>> = {}): Promise<Stack> {
  const dataDir = await mkdtemp(join(tmpdir(), "assay-stack-"));
  const port = Number(env["ASSAY_PORT"] ?? (await freePort()));
  const child = spawn(process.execPath, [join(root, "scripts/start.ts")], {
    cwd: root,
    // The channel is not used; it ends the stack when this process ends, however that happens.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: dataDir,
      ASSAY_DATA_DIR: dataDir,
      ASSAY_PORT: String(port),
      ASSAY_ADMIN_EMAIL: admin.email,
      ASSAY_ADMIN_PASSWORD: admin.password,
      // Nobody answers there: no test depends on the internet, or sends anything to it.
      ASSAY_EGRESS_DNS_SERVERS: "127.0.0.1:9",
      ...env,
    },
  });
  let output = "";
  const ready = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr].filter((each) => each !== null)) {
    createInterface({ input: stream }).on("line", (line) => {
      output += `${line}\n`;
      if (line.includes("Assay is ready")) ready.resolve();
    });
  }
  const exited = once(child, "exit");
  const failed = exited.then(() => Promise.reject(new Error(`Assay ended before it was ready:\n${output}`)));
  const late = setTimeout(() => ready.reject(new Error(`Assay was not ready in time:\n${output}`)), readyMs);
  try {
    await Promise.race([ready.promise, failed]);
  } finally {
    clearTimeout(late);
    failed.catch(() => undefined);
  }
  const url = `http://127.0.0.1:${port}`;
  const basic = Buffer.from(`${admin.email}:${admin.password}`).toString("base64");
  return {
    url,
    adminEmail: admin.email,
    adminPassword: admin.password,
    client: createClient({ baseUrl: url, headers: () => ({ authorization: `Basic ${basic}` }) }),
    process: child,
    dataDir,
    output: () => output,
    async close() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await exited;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * A TCP port of the loopback address that nobody listens on, and that the system gives to nobody who asks for any: those begin at 32,768 (Linux,
 * `ip_local_port_range`), so that it stays free until it is used.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
