import { z } from "zod";
import { value } from "./config-values.ts";

interface Variable {
  /** Text (or nothing, where the variable is unset) to value. */
  readonly schema: z.ZodType<unknown, string | undefined>;
  /** Completes the sentence "Give …". */
  readonly expects: string;
  /** Its value is never repeated in a message. */
  readonly secret?: true;
}

const secretOfLength = "at least 32 random characters, such as the output of: openssl rand -hex 32";

/** Every environment variable that any part of Assay reads, with its default. `.env.example` describes them for operators. */
export const variables = {
  ASSAY_DATA_DIR: { schema: value.text().default(".assay"), expects: "a folder" },
  ASSAY_HOST: { schema: value.text().default("127.0.0.1"), expects: "an address to listen on, such as 127.0.0.1" },
  ASSAY_PORT: { schema: value.wholeNumber(1, 65_535).prefault("3456"), expects: "a port, 1 to 65535" },
  ASSAY_PUBLIC_URL: {
    schema: value.httpUrl().optional(),
    expects: "the address that people open, such as https://assay.example.org",
  },
  DATABASE_URL: {
    schema: value.postgresUrl().optional(),
    expects: "a PostgreSQL address, such as postgresql://assay:password@db.example.org:5432/assay",
    secret: true,
  },
  ASSAY_DATABASE_CONNECTIONS: {
    schema: value.wholeNumber(2, 500).prefault("10"),
    expects: "a number of connections, 2 to 500",
  },
  REDIS_URL: {
    schema: value.redisUrl().optional(),
    expects: "a Redis address, such as redis://:password@redis.example.org:6379/0",
    secret: true,
  },
  ASSAY_CACHE_MEMORY_MIB: {
    schema: value.wholeNumber(1, 65_536).prefault("64"),
    expects: "a number of mebibytes, 1 to 65536",
  },
  ASSAY_SETTINGS: {
    schema: value.jsonObject().optional(),
    expects: 'server settings as a JSON object, such as {"trustedProxies":["10.0.0.0/8"]}',
  },
  ASSAY_ADMIN_EMAIL: { schema: value.email().optional(), expects: "an e-mail address" },
  ASSAY_ADMIN_PASSWORD: { schema: value.text(12).optional(), expects: "at least 12 characters", secret: true },
  ASSAY_SESSION_SECRET: { schema: value.text(32).optional(), expects: secretOfLength, secret: true },
  ASSAY_ENCRYPTION_KEYS: {
    schema: value.encryptionKeys().optional(),
    expects:
      "keys parted by commas, each id:key under an id of its own, the key 32 random bytes in base64, such as k1: and the output of: openssl rand -base64 32",
    secret: true,
  },
  ASSAY_IGNORE_LISTS_FOLDER: {
    schema: value.absolutePath().optional(),
    expects: "the absolute path of a folder with MISP warning lists",
  },
  ASSAY_OPENID_FILE: {
    schema: value.absolutePath().optional(),
    expects: "the absolute path of a YAML file with OpenID providers",
  },
  ASSAY_RUNNER_TOKEN: { schema: value.text(32).optional(), expects: secretOfLength, secret: true },
  ASSAY_RUNNERS_JAVASCRIPT: {
    schema: value.hostPorts().optional(),
    expects: "addresses of JavaScript runners, such as runner-1:50051,runner-2:50051",
  },
  ASSAY_RUNNERS_PYTHON: {
    schema: value.hostPorts().optional(),
    expects: "addresses of Python runners, such as runner-1:50052,runner-2:50052",
  },
  ASSAY_RUNNER_LISTEN: {
    schema: value.hostPort().optional(),
    expects: "an address and port for the runner to listen on, such as 0.0.0.0:50051",
  },
  ASSAY_RUNNER_SANDBOX: {
    schema: z.enum(["on", "bubblewrap", "landlock", "off"]).default("on"),
    expects: "on (the best fence there is), bubblewrap or landlock (that one or none), or off",
  },
  ASSAY_RUNNER_PROCESSES: {
    schema: value.wholeNumber(1, 256).optional(),
    expects: "a number of JavaScript host processes, 1 to 256",
  },
  ASSAY_RUNNER_CONCURRENCY: {
    schema: value.wholeNumber(1, 4096).optional(),
    expects: "a number of sources that may run at once, 1 to 4096",
  },
  ASSAY_PYTHON: {
    schema: value.absolutePath().prefault("/usr/bin/python3"),
    expects: "the absolute path of a Python interpreter below /usr",
  },
  ASSAY_EGRESS_ALLOW_PRIVATE: {
    schema: value.privatePlaces().optional(),
    expects: "hosts, addresses or ranges, each with or without a port, such as misp.internal:443,10.1.0.0/16",
  },
  ASSAY_EGRESS_HOSTS: {
    schema: value.egressHosts().optional(),
    expects: "pairs name[:port]=address[:port] parted by commas, such as api.example.org=192.0.2.7:8443",
  },
  ASSAY_EGRESS_CA_FILE: {
    schema: value.absolutePath().optional(),
    expects: "the absolute path of a PEM file with certificates",
  },
  ASSAY_EGRESS_DNS_SERVERS: {
    schema: value.dnsServers().optional(),
    expects: "addresses of DNS servers, such as 192.0.2.53,[2001:db8::53]:53",
  },
  ASSAY_EGRESS_PROXY: {
    schema: value.proxyUrl().optional(),
    expects: "a proxy, such as http://user:password@proxy.example.org:3128, https://… or socks5://…",
    secret: true,
  },
  ASSAY_EGRESS_PROXY_RESOLVER: { schema: z.enum(["runner", "proxy"]).default("runner"), expects: "runner or proxy" },
  ASSAY_EGRESS_NO_PROXY: {
    schema: value.proxyBypasses().optional(),
    expects: "hosts, suffixes, addresses or ranges, such as api.example.org:443,.example.com,192.0.2.0/24",
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: value.httpUrl().optional(),
    expects: "the address of an OTLP/HTTP receiver, such as http://127.0.0.1:4318",
  },
  ASSAY_TRACE_SAMPLE_RATIO: { schema: value.ratio().prefault("1"), expects: "a number from 0 (no trace) to 1 (all)" },
  ASSAY_LOG_LEVEL: {
    schema: z.enum(["debug", "info", "warn", "error"]).default("info"),
    expects: "debug, info, warn or error",
  },
  ASSAY_LOG_FORMAT: { schema: z.enum(["pretty", "json"]).default("pretty"), expects: "pretty or json" },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof variables;
export type VariableValue<Name extends VariableName> = z.output<(typeof variables)[Name]["schema"]>;
