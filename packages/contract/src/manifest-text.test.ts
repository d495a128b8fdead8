import { expect, test } from "vitest";
import { hostDiagnostics, readManifestText, secretDiagnostics, writeManifestText } from "./manifest-text.ts";

// Guarantee: an author is told what is wrong with a manifest, where it stands, and what to write instead.
const valid = `name: Example
description: Says how often an address was reported.
provider: example
language: javascript
indicators: [IPV4]
exposure: passive
reliability: C
`;

const read = (text: string) =>
  readManifestText(text).diagnostics.map(({ line, column, field, message }) => [`${line}:${column}`, field, message]);

test("a valid manifest gives its values and no complaint", () => {
  const { manifest, diagnostics } = readManifestText(`${valid}timeout: 3s\n`);
  expect(diagnostics).toEqual([]);
  expect(manifest).toMatchObject({ name: "Example", timeout: 3000, hosts: [] });
});

// Guarantee: a source that was made over the API, which asks for no description, can be edited as a manifest.
test("a manifest may have an empty description, not none", () => {
  expect(read(valid.replace(/description: .*/, 'description: ""'))).toEqual([]);
  expect(read(valid.replace(/description: .*\n/, ""))).toEqual([["1:1", "description", "is missing"]]);
});

test("every fault is told with its field, line and column, and an unknown key with the one that was meant", () => {
  const text = valid
    .replace("[IPV4]", "\n  - IPV4\n  - IPV9")
    .replace("exposure: passive", "exposure: pasive\nhost: [a.example]\ntimeout: soon")
    .replace("name: Example\n", "");
  expect(read(`${text}config:\n  limit: { type: integer, defualt: 3, default: 1 }\nzzzzzzzz: 1\n`)).toEqual([
    ["1:1", "name", "is missing"],
    ["6:5", "indicators.1", expect.stringMatching(/^must be one of IPV4, IPV6/)],
    ["7:1", "exposure", "must be one of local, passive, active, public"],
    ["8:1", "host", 'is not known. Did you mean "hosts"?'],
    ["9:1", "timeout", 'must be a duration such as "10s"'],
    ["12:27", "config.limit.defualt", 'is not known. Did you mean "default"?'],
    ["13:1", "zzzzzzzz", "is not known; remove it"],
  ]);
});

test("what is taken out in vain, or leaves what the source does not take, is a warning", () => {
  const of = (indicators: string) => read(`${valid.replace("IPV4", indicators)}strip: [url_query, email_local_part]\n`);
  expect(of("IPV4")).toEqual([
    ["8:9", "strip.0", "does nothing: the source does not take URL"],
    ["8:20", "strip.1", "does nothing: the source does not take EMAIL"],
  ]);
  expect(of("EMAIL, URL")).toEqual([["8:20", "strip.1", expect.stringMatching(/Add DOMAIN to the indicators/)]]);
  expect(of("EMAIL, URL, DOMAIN")).toEqual([]);
});

test("what the schema of a setting forbids its default is told at the default; what stands twice is a warning", () => {
  const config = "config:\n  limit:\n    type: integer\n    maximum: 3\n    default: 9\n";
  expect(read(`${valid}${config}`)).toEqual([["12:5", "config.limit.default", "must be 3 or less"]]);
  const twice = readManifestText(valid.replace("[IPV4]", "[IPV4, IPV4]"));
  expect(twice.manifest).toBeDefined();
  expect(twice.diagnostics).toMatchObject([{ severity: "warning", field: "indicators.1", line: 5, column: 20 }]);
});

test("text that is no manifest is refused in a sentence, whatever it is", () => {
  expect(read("name: [")).toEqual([["1:8", null, expect.stringMatching(/^This is not YAML: /)]]);
  expect(read("name: a\nname: b\n")).toEqual([["2:1", null, expect.stringContaining("unique")]]);
  for (const text of ["", "- a\n", "just words", "null"])
    expect(read(text)).toEqual([["1:1", null, expect.stringContaining("list of fields")]]);
  const bomb = ["a: &a [x, x]", ...["b", "c", "d", "e", "f"].map((name) => `${name}: &${name} [*a, *a, *a]`)];
  const nested = bomb.map((line, at) => (at < 2 ? line : line.replaceAll("*a", `*${"abcdef"[at - 1]}`)));
  expect(read(nested.join("\n"))).toEqual([["1:1", null, expect.stringMatching(/alias/)]]);
  expect(read("x".repeat(300_000))).toEqual([["1:1", null, expect.stringContaining("longer than")]]);
});

test("hosts that the code asks and the manifest lacks, and the other way round, are warnings where that can be known", () => {
  const { manifest, positionOf } = readManifestText(`${valid}hosts: [api.example.com, "*.cdn.example", "dns:*"]\n`);
  const code = [
    "const link = 'https://www.example.com/report';",
    "await context.http.get(`https://api.example.com/${x}`);",
    "await fetch('https://other.example:8443/v1');",
    "await fetch(`https://${region}.example.org/`);",
  ].join("\n");
  const found = hostDiagnostics(manifest ?? { hosts: [] }, positionOf, code);
  expect(found.code).toMatchObject([{ severity: "warning", line: 3, column: 22 }]);
  expect(found.code[0]?.message).toContain('"other.example:8443" is not in the manifest\'s hosts');
  expect(found.manifest).toMatchObject([{ severity: "warning", field: "hosts.1", line: 8, column: 26 }]);
  const python = 'requests.request("GET", f"https://b.example/{x}")\nurllib.request.urlopen("http://api.example.com/")';
  expect(hostDiagnostics({ hosts: ["api.example.com"] }, positionOf, python).code).toMatchObject([{ line: 1 }]);
});

test("secrets that only code or manifest names are warnings, a slot with a fault is an error at its place", () => {
  const slots = "hosts: [a.example]\nsecrets:\n  - { name: API_KEY, hosts: [a.example] }\n";
  const { manifest, positionOf } = readManifestText(`${valid}${slots}`);
  const found = secretDiagnostics(manifest ?? { secrets: [] }, positionOf, "const a = 1;\ncontext.secrets.API_KYE;");
  expect(found.code).toMatchObject([{ severity: "warning", line: 2, column: 17 }]);
  expect(found.code[0]?.message).toContain('Did you mean "API_KEY"?');
  expect(found.manifest).toMatchObject([{ severity: "warning", field: "secrets.0", line: 10, column: 5 }]);
  const used = 'key = context.secrets["API_KEY"]';
  expect(secretDiagnostics(manifest ?? { secrets: [] }, positionOf, used)).toEqual({ code: [], manifest: [] });
  const faulty = slots.replace("name: API_KEY, hosts: [a.example]", "name: API_KEY, hosts: [b.example], expose: true");
  expect(read(`${valid}${faulty}`)).toEqual([
    ["10:30", "secrets.0.hosts.0", "is b.example, which is not among the hosts of the source"],
    ["10:42", "secrets.0.expose", 'is not known. Did you mean "exposed"?'],
  ]);
});

// Guarantee: what the dashboard makes of a stored manifest, to be edited, says the same as the manifest.
test("a manifest that is written as text reads as it was", () => {
  const { manifest } = readManifestText(valid);
  if (manifest === undefined) throw new Error("the manifest is not valid");
  const whole = {
    ...manifest,
    maxTlp: "RED" as const,
    indicators: ["IPV4" as const, "URL" as const],
    strip: ["url_query" as const],
    hosts: ["api.example.com", "dns:*"],
    secrets: [
      {
        name: "KEY",
        required: false,
        hosts: ["api.example.com"],
        exposed: true,
        quota: [{ limit: 4, per: "minute" }],
        title: "yes: #1",
      },
    ],
    quota: [{ limit: 5, per: "30s" }],
    callsPerLookup: 3,
    limitMode: "wait" as const,
    limitWait: 2500,
    config: {
      limit: { type: "integer" as const, default: 3, minimum: 1 },
      word: { type: "string" as const, default: "no" },
    },
    timeout: 1500,
    tags: ["true", "1"],
    url: "https://example.com/",
  };
  for (const one of [manifest, whole]) {
    expect(readManifestText(writeManifestText(one))).toMatchObject({ manifest: one, diagnostics: [] });
  }
  expect(writeManifestText({ ...manifest, timeout: 10_000 })).not.toMatch(/secrets|tags|url|maxTlp|quota|limit|calls/);
});

test.each([
  ["quota: [{ limit: 0, per: day }]", "quota.0.limit"],
  ["quota: [{ limit: 1, per: fortnight }]", "quota.0.per"],
  ["quota: [{ limit: 1, per: minute }, { limit: 9, per: 60s }]", "quota.1.per"],
  ["quota: [{ limit: 1, per: 900000d }]", "quota.0.per"],
  ["callsPerLookup: 0", "callsPerLookup"],
  ["limitMode: never", "limitMode"],
  ["limitWait: 20m", "limitWait"],
])("a quota that means nothing is told at its place: %s", (line, field) => {
  expect(read(`${valid}${line}\n`).map((problem) => problem[1])).toEqual([field]);
});
