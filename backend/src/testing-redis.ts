import { spawn } from "node:child_process";
import { once } from "node:events";
import { freePort } from "@assay/tests";
import { Redis } from "ioredis";
import { vi } from "vitest";

export interface TestRedis {
  readonly url: string;
  /** Stops the server as a power cut would. */
  stop(): Promise<void>;
  /** Starts it again at the same address, empty. */
  start(): Promise<void>;
  /** Lets it keep its connections and answer nothing, or go on. */
  freeze(isFrozen: boolean): void;
}

/** A real Redis (Debian's redis-server) that keeps nothing on disk. */
export async function startTestRedis(): Promise<TestRedis> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}/0`;
  let child: ReturnType<typeof spawn> | undefined;
  const start = async (): Promise<void> => {
    const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    child = spawn("/usr/bin/redis-server", options, { stdio: "ignore" });
    const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    client.on("error", () => undefined);
    await vi.waitFor(() => client.ping(), 20_000);
    client.disconnect();
  };
  await start();
  return {
    url,
    start,
    freeze: (isFrozen) => void child?.kill(isFrozen ? "SIGSTOP" : "SIGCONT"),
    async stop() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}
