import { messageBytesMax, RunnerService } from "@assay/proto";
import type { Logger } from "@assay/process";
import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from "@grpc/grpc-js";
import { requireToken } from "./authenticate.ts";
import type { EgressBroker } from "./egress/broker.ts";
import type { Executor } from "./executor.ts";
import type { Fence } from "./fence/fence-spec.ts";
import { addHealthService } from "./health.ts";
import { runnerService } from "./runner-service.ts";
import { createSlots } from "./slots.ts";
import { createSourceStore } from "./source-store.ts";

export interface RunnerOptions {
  /** Ready to run; closed with the runner. */
  readonly executor: Executor;
  /** Closed with the runner. */
  readonly egress: EgressBroker;
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string;
  /** Shared with the backend; calls without it are refused. */
  readonly token: string;
  /** The fence in force, as told to the backend. */
  readonly sandbox: Fence["kind"];
  /** Sources that run at once; one source takes a quarter of it at most. */
  readonly concurrency: number;
  readonly logger: Logger;
}

export interface RunningRunner {
  /** `host:port` with the port in use. */
  readonly address: string;
  /** Takes no more calls, cancels those under way, stops all children; resolves when nothing is left. */
  close(): Promise<void>;
}

/** The address cannot be listened on; the message names it and the reason. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

const storeCharsMax = 64 * 1024 * 1024;
const drainMs = 1_000;

function bind(server: Server, listen: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.bindAsync(listen, ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(listen.replace(/:\d+$/, `:${port}`));
      else
        reject(
          new ListenError(
            `The runner cannot listen on ${listen}: ${error.message}. Free the port, or name another with ASSAY_RUNNER_LISTEN.`,
          ),
        );
    });
  });
}

function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Streams of health watchers never end by themselves.
    const timer = setTimeout(() => server.forceShutdown(), drainMs);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * Starts the gRPC server of a runner of any language.
 * Rejects with a ListenError, everything closed, when it cannot listen.
 */
export async function startRunner(options: RunnerOptions): Promise<RunningRunner> {
  const { executor, egress, listen, token, sandbox, concurrency, logger } = options;
  const openCalls = new Set<AbortController>();
  // What grpc-js prints by itself is said by the errors that it gives.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    "grpc.max_receive_message_length": messageBytesMax,
    "grpc.max_send_message_length": messageBytesMax,
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    interceptors: [requireToken(token)],
  });
  const health = addHealthService(server);
  const store = createSourceStore(storeCharsMax);
  const slots = createSlots(concurrency, (sourceId) => (executor.isAlone(sourceId) ? 1 : Math.ceil(concurrency / 4)));
  const parts = { executor, egress, store, slots };
  server.addService(RunnerService, runnerService({ ...parts, sandbox, openCalls, logger }));

  async function closeParts(): Promise<void> {
    await executor.close();
    await egress.close();
  }

  let address: string;
  try {
    address = await bind(server, listen);
  } catch (error) {
    await closeParts();
    throw error;
  }
  health.set("SERVING");
  let closed: Promise<void> | undefined;

  async function close(): Promise<void> {
    health.set("NOT_SERVING");
    for (const controller of openCalls) controller.abort();
    await drain(server);
    await closeParts();
  }

  return { address, close: () => (closed ??= close()) };
}
