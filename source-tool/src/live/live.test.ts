import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startDnsServer } from "../replay/dns-server.ts";
import type { HttpExchange } from "../replay/fixture.ts";
import { startUpstreamServer } from "../replay/upstream-server.ts";
import { runTool } from "../tool.ts";

// Guarantee: what was recorded from a live upstream replays, and a run that says nothing about the upstream leaves the cases alone.
const host = "api.example.com";
let catalogue: string;
let env: Record<string, string>;
let answers: Record<string, Partial<HttpExchange>>;
let close: () => Promise<unknown>;

beforeAll(async () => {
  catalogue = mkdtempSync(join(tmpdir(), "assay-live-"));
  const upstream = await startUpstreamServer([host], (method, url) => {
    const { pathname, search } = new URL(url);
    const answer = answers[pathname + search];
    return answer === undefined ? null : ({ method, url, status: 200, headers: {}, ...answer } as HttpExchange);
  });
  const dns = await startDnsServer(() => [
    { dns: "example.org", type: "MX", rcode: "NOERROR", records: ["10 mail.example.org"] },
    { dns: "example.org", type: "CAA", rcode: "NOERROR", records: ["0 issue ca.example"] },
    { dns: "1.100.51.198.in-addr.arpa", type: "PTR", rcode: "NOERROR", records: ["host.example.org"] },
    { dns: "broken.example.org", type: "A", rcode: "SERVFAIL", records: [] },
  ]);
  env = {
    ASSAY_EGRESS_HOSTS: `${host}=${upstream.addresses["https:"]}`,
    ASSAY_EGRESS_ALLOW_PRIVATE: "127.0.0.1",
    ASSAY_EGRESS_CA_FILE: upstream.caFile,
    ASSAY_EGRESS_DNS_SERVERS: dns.address,
  };
  close = () => Promise.all([upstream.close(), dns.close()]);
});
afterAll(async () => {
  await close();
  rmSync(catalogue, { recursive: true, force: true });
});

const typedSecret = "typed/secret+42";
let said: string[];
beforeEach(() => {
  said = [];
  answers = {};
});

const readSecret = () => Promise.resolve(typedSecret);

function tool(...args: string[]): Promise<number> {
  const say = (text: string) => void said.push(...text.split("\n"));
  const terminal = { out: say, err: say, paint: (_: string, text: string) => text, readSecret };
  return runTool(args, { terminal, env, signal: new AbortController().signal });
}

/** A source in a folder of its own, without cases. */
function write(slug: string, language: "javascript" | "python", code: string, hosts = host, secrets = ""): string {
  const folder = join(catalogue, slug);
  mkdirSync(folder);
  const manifest = `name: ${slug}\ndescription: For a test.\nprovider: example\nlanguage: ${language}\nindicators: [IPV4, DOMAIN]
exposure: passive\nreliability: C\nhosts: [${hosts}]\nconfig: { days: { type: integer, maximum: 30, default: 7 } }\n${secrets}`;
  writeFileSync(join(folder, "source.yaml"), manifest);
  writeFileSync(join(folder, language === "python" ? "source.py" : "source.js"), code);
  return folder;
}
const cases = (folder: string) => readFileSync(join(folder, "fixtures/cases.yaml"), "utf8");

const codes = {
  javascript: `export async function fetchData(indicator, context) {
  context.log.info("asking", indicator.data);
  const response = await context.http.get("https://${host}/v1/" + indicator.data + "?days=" + context.config.days);
  if (response.status === 404) return context.notFound();
  return { data: { says: response.json(), from: response.url, at: response.headers["last-modified"] } };
}`,
  python: `import urllib.request, json
def fetch_data(indicator, context):
    context.log.info("asking", indicator.data)
    response = context.http.get("https://${host}/v1/" + indicator.data, query={"days": context.config["days"]})
    if response.status == 404:
        context.not_found()
    return {"data": {"says": response.json(), "from": response.url, "at": response.headers.get("last-modified")}}
`,
};

test.each(["javascript", "python"] as const)(
  "record keeps what the upstream answered a %s source, and test replays it",
  async (language) => {
    const folder = write(`kept-${language}`, language, codes[language]);
    const record = (...options: string[]) => tool("record", folder, "--indicator", "198[.]51[.]100[.]7", ...options);
    answers["/v1/198.51.100.7?days=9"] = { status: 302, headers: { location: "/moved" } };
    answers["/moved"] = {
      headers: { "last-modified": "Fri, 20 Nov 2026 07:00:00 GMT", "set-cookie": "session=private" },
      json: { reports: 5, text: "ä: # ‹x›\n- y", big: 1.5 },
    };
    expect(await record("--config", "days=9", "--name", "found")).toBe(0);
    expect(said.join("\n")).toMatch(/info asking 198\.51\.100\.7\n/);
    expect(said.join("\n")).toMatch(/GET api\.example\.com\/moved 200, \d+ bytes/);
    writeFileSync(join(folder, "fixtures/cases.yaml"), `# Mine.\n${cases(folder)}`);

    answers["/v1/198.51.100.7?days=7"] = { status: 404, json: {} };
    expect(await record()).toBe(0);
    answers["/v1/198.51.100.7?days=7"] = { status: 429, headers: { "retry-after": "30" }, body: "slow down" };
    expect(await record()).toBe(0);
    answers["/v1/198.51.100.7?days=7"] = { status: 200, body: "<html>" };
    expect(await record()).toBe(0);
    expect(cases(folder)).toMatch(/^# Mine\.\n- name: found\n/);
    expect(cases(folder)).not.toMatch(/cookie|private|127\.0\.0\.1/);
    expect(cases(folder)).toContain("problem:\n      code: RATE_LIMITED\n");

    said = [];
    expect(await tool("test", folder)).toBe(0);
    expect(said.filter((line) => line.includes("✓"))).toEqual([
      "  ✓ found",
      "  ✓ not_found 198.51.100.7",
      "  ✓ RATE_LIMITED 198.51.100.7",
      "  ✓ BAD_RESPONSE 198.51.100.7",
    ]);
  },
);

test("record keeps lookups of names, also those that fail or find nothing", async () => {
  const code = `export async function fetchData(indicator, context) {
    const ask = (name, type) => context.dns.resolve(name, type).then((records) => [...records]).catch((error) => error.message);
    const asked = [["example.org", "MX"], ["example.org", "CAA"], ["198.51.100.1", "PTR"], ["broken.example.org", "A"], ["nobody.example.org", "A"]];
    return { data: await Promise.all(asked.map(([name, type]) => ask(name, type))) };
  }`;
  const folder = write("names", "javascript", code, '"dns:*"');
  expect(await tool("record", folder, "--indicator", "example.org"), said.join("\n")).toBe(0);
  expect(cases(folder)).toContain("records:\n        - 10 mail.example.org\n");
  expect(cases(folder)).toContain("dns: 1.100.51.198.in-addr.arpa");
  expect(await tool("test", folder)).toBe(0);
  expect(said.at(-1)).toBe("1 passed, 0 failed");
});

test("a run that says nothing about the upstream is refused, and the cases stay as they are", async () => {
  const folder = write("refused", "javascript", codes.javascript);
  answers["/v1/198.51.100.7?days=7"] = { json: {} };
  const record = (...options: string[]) => tool("record", folder, "--indicator", "198.51.100.7", ...options);
  expect(await record("--name", "first")).toBe(0);
  const before = cases(folder);
  const refuse = async (reason: RegExp, ...options: string[]) => {
    expect(await record(...options), said.join("\n")).toBe(2);
    expect(said.join("\n")).toMatch(reason);
    expect(cases(folder)).toBe(before);
  };
  await refuse(/a case of the name "first" already/, "--name", "first");
  answers = {};
  await refuse(/UPSTREAM_ERROR .*\nNothing was recorded: the run failed/);
  answers["/v1/198.51.100.7?days=7"] = { json: {} };
  const rewrite = (code: string) => writeFileSync(join(folder, "source.js"), code);
  rewrite(codes.javascript.replace("return { data: {", "return { data: { now: Math.random(),"));
  await refuse(/does not answer as it did live[^]*- +now: /);
  rewrite(codes.javascript.replace(host, "other.example"));
  await refuse(/EGRESS_DENIED .*other\.example/);
  rewrite("export function fetchData() { throw new Error('no luck'); }");
  await refuse(/SOURCE_ERROR .*no luck.* \(line 1/);
});

test("run shows the answer and writes nothing; what was typed wrong is refused before anybody is asked", async () => {
  const folder = write("shown", "python", codes.python);
  answers["/v1/198.51.100.7?days=7"] = { json: { escape: "\u001b[2J" } };
  expect(await tool("run", folder, "--indicator", "198.51.100.7")).toBe(0);
  expect(said.join("\n")).toContain("ok in ");
  expect(said.join("")).not.toContain("\u001b");
  expect(() => cases(folder)).toThrow("ENOENT");
  for (const [options, answer] of [
    [[], "Name the source's folder and an indicator"],
    [["--indicator", "CVE-2024-1234"], "This is a CVE, and the source takes IPV4, DOMAIN"],
    [["--indicator", "just words"], "That is no indicator that the source takes"],
    [["--indicator", "1.1.1.1", "--kind", "IPV9"], 'There is no kind "IPV9". Did you mean IPV4?'],
    [["--indicator", "1.1.1.1", "--config", "day=1"], 'Did you mean "days"?'],
    [["--indicator", "1.1.1.1", "--config", "days=99"], "--config days: must be 30 or less"],
    [["--indicator", "1.1.1.1", "--config", "days"], "write key=value"],
  ] as const) {
    expect(await tool("run", folder, ...options), options.join(" ")).toBe(2);
    expect(said.at(-1)).toContain(answer);
  }
});

test.each(["javascript", "python"] as const)(
  "record writes no secret of a %s source, in whatever form it comes back",
  async (language) => {
    const secrets = `secrets:
  - { name: QUERY_KEY, hosts: [${host}] }
  - { name: HEADER_KEY, hosts: [${host}] }
  - { name: OPEN_KEY, hosts: [${host}], exposed: true }
  - { name: SPARE_KEY, hosts: [${host}], required: false }
`;
    const code =
      language === "python"
        ? `import base64
def fetch_data(indicator, context):
    keys = context.secrets
    response = context.http.get("https://${host}/k", query={"key": keys["QUERY_KEY"], "open": keys["OPEN_KEY"]}, headers={"X-Key": keys["HEADER_KEY"]})
    context.log.info("used", keys["QUERY_KEY"], keys["OPEN_KEY"])
    return {"data": {"says": response.json(), "coded": base64.b64encode(keys["OPEN_KEY"].encode()).decode()}}
`
        : `export async function fetchData(indicator, { http, secrets, log }) {
  const response = await http.get("https://${host}/k", { query: { key: secrets.QUERY_KEY, open: secrets.OPEN_KEY }, headers: { "X-Key": secrets.HEADER_KEY } });
  log.info("used", secrets.QUERY_KEY, secrets.OPEN_KEY);
  return { data: { says: response.json(), coded: btoa(secrets.OPEN_KEY) } };
}`;
    const folder = write(`secret-${language}`, language, code, host, secrets);
    const values = { query: "query-key-value", header: "header-key-value" };
    env = { ...env, MY_QUERY: values.query, MY_HEADER: values.header };
    const echo = {
      url: `https://${host}/k?key=${values.query}`,
      header: values.header,
      basic: `Basic ${Buffer.from(`user:${values.header}`).toString("base64")}`,
      open: encodeURIComponent(typedSecret),
      [values.query]: 1,
    };
    answers[`/k?key=${values.query}&open=${encodeURIComponent(typedSecret)}`] = {
      headers: { link: `<https://${host}/next?key=${values.query}>` },
      json: echo,
    };
    const record = (...options: string[]) => tool("record", folder, "--indicator", "198.51.100.7", ...options);
    expect(await record("--secret", "QUERY_KEY=env:MY_QUERY", "--secret", "HEADER_KEY=env:MY_HEADER")).toBe(2);
    expect(said.at(-1)).toContain("The source needs the secret OPEN_KEY");
    expect(await record("--secret", "QUERY_KEY=query-key-value")).toBe(2);
    expect(said.at(-1)).toContain("does not belong on the command line");
    const given = [
      "--secret",
      "QUERY_KEY=env:MY_QUERY",
      "--secret",
      "HEADER_KEY=env:MY_HEADER",
      "--secret",
      "OPEN_KEY",
    ];
    expect(await record(...given), said.join("\n")).toBe(0);

    const shown = `${said.join("\n")}\n${cases(folder)}`;
    const forms = [...Object.values(values), typedSecret].flatMap((value) => [
      value,
      encodeURIComponent(value),
      Buffer.from(value).toString("base64").slice(0, 16),
      Buffer.from(`user:${value}`).toString("base64").slice(8, 20),
      Buffer.from(value).toString("hex"),
    ]);
    for (const form of forms) expect(shown).not.toContain(form);
    expect(shown).not.toContain("assaysecret");
    expect(cases(folder)).toContain("url: https://api.example.com/k?key={{secret QUERY_KEY}}&open={{secret OPEN_KEY}}");
    expect(await tool("test", folder), said.join("\n")).toBe(0);
  },
);
