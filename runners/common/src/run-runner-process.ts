import {
  ConfigError,
  createLogger,
  createShutdown,
  readRunnerConfig,
  startTelemetry,
  type Logger,
  type RunnerConfig,
  type Shutdown,
} from "@assay/process";
import { createEgressBroker, type EgressBroker } from "./egress/broker.ts";
import type { Executor } from "./executor.ts";
import { FenceError } from "./fence/fence-remedy.ts";
import type { Fence } from "./fence/fence-spec.ts";
import { detectFence } from "./fence/fence.ts";
import { ListenError, startRunner } from "./start-runner.ts";

export interface ExecutorParts {
  readonly fence: Fence;
  readonly config: RunnerConfig;
  readonly logger: Logger;
}

type OpenExecutor = (parts: ExecutorParts) => Promise<Executor>;

async function open(
  openExecutor: OpenExecutor,
  config: RunnerConfig,
  logger: Logger,
  shutdown: Shutdown,
): Promise<string> {
  const { listen, token, egress, concurrency, telemetry } = config;
  const tracing = startTelemetry({
    ...telemetry,
    serviceName: logger.bindings()["name"] as string,
    onExportError: (err) => logger.warn({ err }, "traces cannot be sent"),
  });
  shutdown.register("telemetry", () => tracing.shutdown());
  const fence = await detectFence({ sandbox: config.sandbox });
  shutdown.register("fence", () => fence.close());
  warnOfFence(fence, logger);
  const broker = openBroker(egress);
  const executor = await openExecutor({ fence, config, logger });
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  const runner = await startRunner({
    executor,
    egress: broker,
    listen: `${host}:${listen.port}`,
    token,
    sandbox: fence.kind,
    concurrency,
    logger,
  });
  shutdown.register("runner", () => runner.close());
  return runner.address;
}

/** Whatever is less than the whole fence is said in the log, with the reason. */
function warnOfFence(fence: Fence, logger: Logger): void {
  if (fence.kind === "off")
    logger.warn("ASSAY_RUNNER_SANDBOX=off: sources run without a fence and can do all that this user can");
  if (fence.kind !== "landlock") return;
  const because = fence.because ?? "ASSAY_RUNNER_SANDBOX=landlock asks for it.";
  logger.warn(
    { landlockAbi: fence.abi },
    `sources run behind the weaker fence, Landlock: they cannot open files, make connections or signal others, but see which paths and process numbers exist, and their temporary files are on this machine's disk. ${because}`,
  );
}

/** A setting of the egress broker that the operator has to mend. */
export class EgressSettingError extends Error {
  override name = "EgressSettingError";
}

/** The broker that the settings of this machine ask for. @throws EgressSettingError */
export function openBroker(egress: RunnerConfig["egress"]): EgressBroker {
  try {
    return createEgressBroker({
      allowPrivate: egress.allowPrivate,
      staticHosts: egress.hosts,
      dnsServers: egress.dnsServers,
      ...(egress.caFile === undefined ? {} : { caFile: egress.caFile }),
      ...(egress.proxy === undefined ? {} : { proxy: egress.proxy }),
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EgressSettingError(`One of the ASSAY_EGRESS_ settings cannot be used: ${reason}`, { cause });
  }
}

/** What went wrong is an operator's to mend: one sentence is enough. */
const isExpected = (err: unknown): err is Error =>
  [ConfigError, FenceError, ListenError, EgressSettingError].some((kind) => err instanceof kind);

/**
 * The whole life of a runner process: configuration, telemetry, fence, executor, server, until it is asked to stop. Tells its parent
 * over IPC, where there is one, when it is ready. A failure to start is one line and exit code 1.
 */
export async function runRunnerProcess(language: "javascript" | "python", openExecutor: OpenExecutor): Promise<void> {
  const name = `assay-runner-${language}`;
  let logger = createLogger({ name, level: "info", format: "pretty" });
  let shutdown: Shutdown | undefined;
  try {
    const config = readRunnerConfig(language);
    logger = createLogger({ name, ...config.log });
    shutdown = createShutdown(logger);
    const address = await open(openExecutor, config, logger, shutdown);
    logger.info(`listening on ${address}`);
    process.send?.({ type: "ready" });
  } catch (err) {
    if (isExpected(err)) logger.error(err.message);
    else logger.error({ err }, "the runner cannot start");
    if (shutdown === undefined) process.exit(1);
    await shutdown.stop("start failed", 1);
  }
}
