import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ConfigError, loadEnvironment, readApiConfig, readLauncherConfig, readRunnerConfig } from "./index.ts";

const secret = "0123456789abcdef0123456789abcdef";

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ variable, text }) => `${variable} ${text}`);
    throw error;
  }
  return [];
}

test("every problem of an environment is named at once, with what to do, and no secret is repeated", () => {
  const problems = problemsOf(() =>
    readApiConfig({
      ASSAY_PORT: "eighty",
      ASSAY_SESSION_SECRET: "too short",
      ASSAY_RUNNERS_JAVASCRIPT: "runner-1:50051,runner-2",
      ASSAY_ADMIN_PASSWORD: "correct horse battery",
      ASSAY_LOG_LEVL: "info",
      OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318",
      ASSAY_ENCRYPTION_KEYS: `k1:${"A".repeat(43)},k1:${"B".repeat(43)}`,
      DATABASE_URL: "mysql://u:hunter2@db/assay",
    }),
  );
  expect(problems).toEqual(
    expect.arrayContaining([
      'ASSAY_PORT is "eighty". Give a port, 1 to 65535.',
      expect.stringMatching(/^ASSAY_RUNNER_TOKEN is missing\. Give at least 32/),
      expect.stringMatching(/^ASSAY_SESSION_SECRET cannot be used\. Give/),
      expect.stringMatching(/^ASSAY_RUNNERS_JAVASCRIPT is "runner-1:50051,runner-2"\. Give/),
      expect.stringMatching(/^ASSAY_ADMIN_EMAIL is missing beside ASSAY_ADMIN_PASSWORD/),
      expect.stringMatching(/^ASSAY_LOG_LEVL is not a setting of Assay\. Did you mean ASSAY_LOG_LEVEL\?/),
      expect.stringMatching(/^OTEL_EXPORTER_OTLP_ENDPOINT is "collector:4318"\. Give/),
      expect.stringMatching(/^ASSAY_ENCRYPTION_KEYS cannot be used\. Give keys parted by commas/),
      expect.stringMatching(/^DATABASE_URL cannot be used\. Give/),
    ]),
  );
  expect(problems).toHaveLength(9);
  expect(problems.join("\n")).not.toMatch(/too short|hunter2|AAAA|correct horse/);
});

test("an empty environment gives the launcher all of its defaults; empty text counts as unset", () => {
  const config = readLauncherConfig({ ASSAY_HOST: "", ASSAY_PUBLIC_URL: " " });
  expect(config).toMatchObject({ host: "127.0.0.1", port: 3456, publicUrl: "http://127.0.0.1:3456" });
  expect(config.dataDir).toBe(join(process.cwd(), ".assay"));
  expect(config.databaseUrl).toBeUndefined();
});

test("the public address is one that a person can open", () => {
  expect(readLauncherConfig({ ASSAY_HOST: "0.0.0.0" }).publicUrl).toBe("http://localhost:3456");
  expect(readLauncherConfig({ ASSAY_HOST: "::1", ASSAY_PORT: "80" }).publicUrl).toBe("http://[::1]:80");
  expect(readLauncherConfig({ ASSAY_PUBLIC_URL: "https://assay.example/" }).publicUrl).toBe("https://assay.example");
});

test("an API reads its Redis and the settings that hold whatever the dashboard says; what is no JSON object is named", () => {
  const env = {
    DATABASE_URL: "postgresql://db/assay",
    ASSAY_RUNNER_TOKEN: secret,
    ASSAY_SESSION_SECRET: secret,
    ASSAY_ENCRYPTION_KEYS: `k1:${"A".repeat(43)}`,
  };
  const given = { REDIS_URL: "rediss://:hunter2@cache:6380/1", ASSAY_SETTINGS: '{"basicEnabled":false}' };
  expect(readApiConfig({ ...env, ...given })).toMatchObject({
    redisUrl: "rediss://:hunter2@cache:6380/1",
    settings: { basicEnabled: false },
  });
  expect(readApiConfig(env)).toMatchObject({ redisUrl: undefined, settings: {} });
  const problems = problemsOf(() => readApiConfig({ ...env, REDIS_URL: "http://:hunter2@x", ASSAY_SETTINGS: "[1]" }));
  expect(problems).toEqual([
    expect.stringMatching(/^REDIS_URL cannot be used\. Give a Redis address/),
    expect.stringMatching(/^ASSAY_SETTINGS is "\[1\]"\. Give server settings as a JSON object/),
  ]);
});

test("a runner reads its address, its fence and its egress table; each language has a port of its own", () => {
  const env = {
    ASSAY_RUNNER_TOKEN: secret,
    ASSAY_EGRESS_HOSTS: "api.example.org:443=127.0.0.1:8443, other.example=::1",
    ASSAY_EGRESS_ALLOW_PRIVATE: "misp.internal:443, 10.1.0.0/16,[fd00::/8]:443,fd12::1",
    ASSAY_EGRESS_DNS_SERVERS: "192.0.2.53:5353,2001:db8::53",
    ASSAY_EGRESS_PROXY: "socks5://user:p%40ss@10.0.0.1:1080",
    ASSAY_EGRESS_NO_PROXY: "api.example.org:443, .example.com,*.example.net,192.0.2.0/24,2001:db8::1",
    ASSAY_RUNNER_SANDBOX: "off",
  };
  expect(readRunnerConfig("python", env)).toMatchObject({
    listen: { host: "127.0.0.1", port: 50_052 },
    sandbox: "off",
    python: "/usr/bin/python3",
    egress: {
      allowPrivate: ["misp.internal:443", "10.1.0.0/16", "[fd00::/8]:443", "fd12::1"],
      hosts: { "api.example.org:443": "127.0.0.1:8443", "other.example": "::1" },
      dnsServers: ["192.0.2.53:5353", "2001:db8::53"],
      proxy: {
        url: "socks5://user:p%40ss@10.0.0.1:1080",
        resolver: "runner",
        bypass: ["api.example.org:443", ".example.com", "*.example.net", "192.0.2.0/24", "2001:db8::1"],
      },
    },
  });
  expect(readRunnerConfig("python", { ...env, ASSAY_RUNNER_SANDBOX: "landlock" }).sandbox).toBe("landlock");
  expect(() => readRunnerConfig("python", { ...env, ASSAY_RUNNER_SANDBOX: "none" })).toThrow(/bubblewrap or landlock/);
  expect(readRunnerConfig("javascript", { ...env, ASSAY_RUNNER_LISTEN: "[::]:9" }).listen).toEqual({
    host: "::",
    port: 9,
  });
  expect(readRunnerConfig("javascript", env).listen.port).toBe(50_051);
});

test("a proxy that cannot be used is named without its password; an entry that would bypass everything is no entry", () => {
  const problems = (env: Record<string, string>) =>
    problemsOf(() => readRunnerConfig("python", { ASSAY_RUNNER_TOKEN: secret, ...env }));
  for (const url of ["ftp://user:hunter2@proxy", "proxy:3128", "http://", "http://user:hunter2@proxy/path?x=1"]) {
    expect(problems({ ASSAY_EGRESS_PROXY: url })).toEqual([
      expect.stringMatching(/^ASSAY_EGRESS_PROXY cannot be used\. Give a proxy, such as http:/),
    ]);
  }
  for (const list of ["*", "*.*", ".10.0.0.1", "http://host", "10.0.0.0/x"]) {
    expect(problems({ ASSAY_EGRESS_NO_PROXY: list })).toHaveLength(1);
  }
  expect(problems({ ASSAY_EGRESS_PROXY_RESOLVER: "dns" })).toEqual([
    'ASSAY_EGRESS_PROXY_RESOLVER is "dns". Give runner or proxy.',
  ]);
  expect(readRunnerConfig("python", { ASSAY_RUNNER_TOKEN: secret }).egress.proxy).toBeUndefined();
});

test("a .env file fills in what the environment lacks, and never overrides it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "assay-env-"));
  try {
    expect(loadEnvironment(folder)["ASSAY_PORT"]).toBeUndefined();
    await writeFile(join(folder, ".env"), 'ASSAY_PORT=4000\nPATH="/nowhere"\n');
    expect(loadEnvironment(folder)).toMatchObject({ ASSAY_PORT: "4000", PATH: loadEnvironment("/")["PATH"] });
  } finally {
    await rm(folder, { recursive: true });
  }
});
