export { ConfigError, type ConfigProblem, type Environment } from "./config-parse.ts";
export { type EncryptionKey, formatEncryptionKeys, type HostPort, readEncryptionKeys } from "./config-values.ts";
export {
  loadEnvironment,
  readApiConfig,
  readDatabaseConfig,
  readLauncherConfig,
  readRotationConfig,
  readRunnerConfig,
  readSandboxConfig,
  readWorkerConfig,
  type ApiConfig,
  type LauncherConfig,
  type RunnerConfig,
  type WorkerConfig,
} from "./config.ts";
export { createLogger, type Logger, type LoggerOptions } from "./logger.ts";
export { createShutdown, type Shutdown } from "./shutdown.ts";
export { startTelemetry, type TelemetryOptions } from "./telemetry.ts";
