import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { parseVariables, type ConfigProblem, type Environment } from "./config-parse.ts";
import type { HostPort } from "./config-values.ts";
import { variables, type VariableName, type VariableValue } from "./config-variables.ts";

const observability = [
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "ASSAY_TRACE_SAMPLE_RATIO",
  "ASSAY_LOG_LEVEL",
  "ASSAY_LOG_FORMAT",
] as const;
const dispatch = ["ASSAY_RUNNER_TOKEN", "ASSAY_RUNNERS_JAVASCRIPT", "ASSAY_RUNNERS_PYTHON"] as const;
const database = ["DATABASE_URL", "ASSAY_DATABASE_CONNECTIONS"] as const;
const engine = [
  "REDIS_URL",
  "ASSAY_CACHE_MEMORY_MIB",
  "ASSAY_SETTINGS",
  "ASSAY_ENCRYPTION_KEYS",
  "ASSAY_IGNORE_LISTS_FOLDER",
] as const;
const site = ["ASSAY_HOST", "ASSAY_PORT", "ASSAY_PUBLIC_URL"] as const;
const egress = [
  "ASSAY_EGRESS_ALLOW_PRIVATE",
  "ASSAY_EGRESS_HOSTS",
  "ASSAY_EGRESS_CA_FILE",
  "ASSAY_EGRESS_DNS_SERVERS",
  "ASSAY_EGRESS_PROXY",
  "ASSAY_EGRESS_PROXY_RESOLVER",
  "ASSAY_EGRESS_NO_PROXY",
] as const;

type Read<Name extends VariableName> = { readonly [Key in Name]: VariableValue<Key> };

function observabilityOf(values: Read<(typeof observability)[number]>) {
  return {
    telemetry: { otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT, sampleRatio: values.ASSAY_TRACE_SAMPLE_RATIO },
    log: { level: values.ASSAY_LOG_LEVEL, format: values.ASSAY_LOG_FORMAT },
  };
}

function egressOf(values: Read<(typeof egress)[number]>) {
  return {
    /** `host`, `address` or CIDR, each with or without `:port`. */
    allowPrivate: values.ASSAY_EGRESS_ALLOW_PRIVATE ?? [],
    /** `name[:port]` to `address[:port]`, whatever DNS says. */
    hosts: values.ASSAY_EGRESS_HOSTS ?? {},
    caFile: values.ASSAY_EGRESS_CA_FILE,
    dnsServers: values.ASSAY_EGRESS_DNS_SERVERS ?? [],
    /** The URL may hold a password. */
    proxy:
      values.ASSAY_EGRESS_PROXY === undefined
        ? undefined
        : {
            url: values.ASSAY_EGRESS_PROXY,
            resolver: values.ASSAY_EGRESS_PROXY_RESOLVER,
            bypass: values.ASSAY_EGRESS_NO_PROXY ?? [],
          },
  };
}

function siteOf(values: Read<(typeof site)[number]>) {
  const { ASSAY_HOST: host, ASSAY_PORT: port } = values;
  const shown = host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return { host, port, publicUrl: values.ASSAY_PUBLIC_URL ?? `http://${shown}:${port}` };
}

/** The first administrator needs both; a password without an address would be ignored in silence. */
function adminProblems(env: Environment): ConfigProblem[] {
  if (!env["ASSAY_ADMIN_PASSWORD"] || env["ASSAY_ADMIN_EMAIL"]) return [];
  return [{ variable: "ASSAY_ADMIN_EMAIL", text: "is missing beside ASSAY_ADMIN_PASSWORD. Give an e-mail address." }];
}

/**
 * What a background worker needs. `databaseConnectionsMax` holds per process.
 * @throws ConfigError
 */
export function readWorkerConfig(env: Environment = process.env) {
  const values = parseVariables(
    env,
    [...database, ...dispatch, ...observability, ...engine],
    ["DATABASE_URL", "ASSAY_RUNNER_TOKEN", "ASSAY_ENCRYPTION_KEYS"],
  );
  return {
    databaseUrl: values.DATABASE_URL,
    databaseConnectionsMax: values.ASSAY_DATABASE_CONNECTIONS,
    redisUrl: values.REDIS_URL,
    /** Of the answers that this process keeps in its memory; with Redis they are there. */
    cacheMemoryMib: values.ASSAY_CACHE_MEMORY_MIB,
    /** Server settings that cannot be changed while Assay runs; the backend knows which there are. */
    settings: values.ASSAY_SETTINGS ?? {},
    /** MISP warning lists to install at start, beside those that come with Assay. */
    ignoreListsFolder: values.ASSAY_IGNORE_LISTS_FOLDER,
    runnerToken: values.ASSAY_RUNNER_TOKEN,
    runners: { javascript: values.ASSAY_RUNNERS_JAVASCRIPT ?? [], python: values.ASSAY_RUNNERS_PYTHON ?? [] },
    /** The first encrypts, all of them decrypt. */
    encryptionKeys: values.ASSAY_ENCRYPTION_KEYS,
    ...observabilityOf(values),
  };
}

/**
 * What the REST API needs; holds all that a worker needs, so that one process can be both.
 * @throws ConfigError
 */
export function readApiConfig(env: Environment = process.env) {
  const values = parseVariables(
    env,
    [
      ...site,
      ...database,
      ...dispatch,
      ...observability,
      ...engine,
      "ASSAY_ADMIN_EMAIL",
      "ASSAY_ADMIN_PASSWORD",
      "ASSAY_SESSION_SECRET",
      "ASSAY_OPENID_FILE",
    ],
    ["DATABASE_URL", "ASSAY_RUNNER_TOKEN", "ASSAY_SESSION_SECRET", "ASSAY_ENCRYPTION_KEYS"],
    adminProblems(env),
  );
  return {
    ...siteOf(values),
    ...readWorkerConfig(env),
    sessionSecret: values.ASSAY_SESSION_SECRET,
    openidFile: values.ASSAY_OPENID_FILE,
    /** How the first administrator signs in. Absent values are made up at first start. */
    admin: { email: values.ASSAY_ADMIN_EMAIL, password: values.ASSAY_ADMIN_PASSWORD },
  };
}

/**
 * What the rotation of the encryption keys needs.
 * @throws ConfigError
 */
export function readRotationConfig(env: Environment = process.env) {
  const required = ["DATABASE_URL", "ASSAY_ENCRYPTION_KEYS"] as const;
  const values = parseVariables(env, [...required, ...observability], required);
  return {
    databaseUrl: values.DATABASE_URL,
    encryptionKeys: values.ASSAY_ENCRYPTION_KEYS,
    ...observabilityOf(values),
  };
}

/**
 * What a command on the database needs that decrypts nothing.
 * @throws ConfigError
 */
export function readDatabaseConfig(env: Environment = process.env) {
  const values = parseVariables(env, ["DATABASE_URL", ...observability], ["DATABASE_URL"]);
  return { databaseUrl: values.DATABASE_URL, ...observabilityOf(values) };
}

/** Sources mostly wait for upstreams. An isolate that waits is cheap; a Python process is not. */
const runnerDefaults = {
  javascript: { listen: { host: "127.0.0.1", port: 50_051 }, concurrency: 64 },
  python: { listen: { host: "127.0.0.1", port: 50_052 }, concurrency: 16 },
} as const;

/**
 * What a runner of one language needs.
 * `processes` and `concurrency` are numbers of host processes (JavaScript only) and of sources running at once.
 * @throws ConfigError
 */
export function readRunnerConfig(language: "javascript" | "python", env: Environment = process.env) {
  const values = parseVariables(
    env,
    [
      "ASSAY_RUNNER_TOKEN",
      "ASSAY_RUNNER_LISTEN",
      "ASSAY_RUNNER_SANDBOX",
      "ASSAY_RUNNER_PROCESSES",
      "ASSAY_RUNNER_CONCURRENCY",
      "ASSAY_PYTHON",
      ...egress,
      ...observability,
    ],
    ["ASSAY_RUNNER_TOKEN"],
  );
  const defaults = runnerDefaults[language];
  const listen: HostPort = values.ASSAY_RUNNER_LISTEN ?? defaults.listen;
  return {
    listen,
    token: values.ASSAY_RUNNER_TOKEN,
    sandbox: values.ASSAY_RUNNER_SANDBOX,
    processes: values.ASSAY_RUNNER_PROCESSES ?? availableParallelism(),
    concurrency: values.ASSAY_RUNNER_CONCURRENCY ?? defaults.concurrency,
    python: values.ASSAY_PYTHON,
    egress: egressOf(values),
    ...observabilityOf(values),
  };
}

/**
 * What a tool needs that runs sources by itself, as a runner of this machine would.
 * @throws ConfigError
 */
export function readSandboxConfig(env: Environment) {
  const values = parseVariables(env, ["ASSAY_RUNNER_SANDBOX", "ASSAY_PYTHON", ...egress], []);
  return { sandbox: values.ASSAY_RUNNER_SANDBOX, python: values.ASSAY_PYTHON, egress: egressOf(values) };
}

/**
 * What the launcher needs. It checks every variable, also those that only its children read, so that one list shows all problems.
 * `dataDir` is absolute.
 * @throws ConfigError
 */
export function readLauncherConfig(env: Environment) {
  // Object.keys loses the names; the table itself has them.
  const names = Object.keys(variables) as VariableName[];
  const values = parseVariables(env, names, [], adminProblems(env));
  return {
    ...siteOf(values),
    dataDir: resolve(values.ASSAY_DATA_DIR),
    sandbox: values.ASSAY_RUNNER_SANDBOX,
    databaseUrl: values.DATABASE_URL,
    sessionSecret: values.ASSAY_SESSION_SECRET,
    runnerToken: values.ASSAY_RUNNER_TOKEN,
    encryptionKeys: values.ASSAY_ENCRYPTION_KEYS,
    runners: { javascript: values.ASSAY_RUNNERS_JAVASCRIPT, python: values.ASSAY_RUNNERS_PYTHON },
    ...observabilityOf(values),
  };
}

/** This process's environment, with the variables of `folder/.env` where it has none of its own. */
export function loadEnvironment(folder: string): Environment {
  let text = "";
  try {
    text = readFileSync(resolve(folder, ".env"), "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  return { ...parseEnv(text), ...process.env };
}

export type WorkerConfig = ReturnType<typeof readWorkerConfig>;
export type ApiConfig = ReturnType<typeof readApiConfig>;
export type RunnerConfig = ReturnType<typeof readRunnerConfig>;
export type LauncherConfig = ReturnType<typeof readLauncherConfig>;
