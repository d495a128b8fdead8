import { ExportFormat, type Request } from "@assay/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvCell, csvRow } from "./csv.ts";
import { defangText } from "./defang-text.ts";
import { ecsDocument } from "./ecs.ts";
import { everyKind, testRequest } from "./fixtures.ts";
import { exportFormats } from "./formats.ts";
import { markdownText } from "./markdown.ts";

const madeAt = new Date("2026-01-03T00:00:00Z");

/** The whole file of some lookups. */
function made(format: ExportFormat, requests: readonly Request[]): string {
  const subject = { key: "test", title: "Test", madeAt, tlp: "AMBER" } as const;
  const { head, lookup, foot } = exportFormats[format].open(subject);
  return [head?.() ?? "", ...requests.map(lookup), foot?.() ?? ""].join("");
}

/** Reads RFC 4180 as it is written down, with quotes, and nothing else. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = field.exec(text); match; match = field.exec(text)) {
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] === "\r\n") {
      rows.push(row);
      row = [];
    }
    if (field.lastIndex === text.length) return rows;
  }
  throw new Error("not RFC 4180");
}

/** What mail and ticket systems make links of, judged by other rules than those that defang. */
const live = [
  /\w:\/\//,
  /https?:/i,
  /(?:^|[^\d.])(?:\d{1,3}\.){3}\d{1,3}(?:[^\d]|$)/,
  /[a-z0-9-]\.(?:com|org|net|example|xn--\w+)/i,
  /[^\s[]@[a-z0-9]/i,
  /(?:mailto|javascript):\S/i,
];
const liveIn = (text: string): RegExp[] => live.filter((shape) => shape.test(text));

const hostile = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc
    .array(fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", '"', ",", "'", "1", "cmd|' /C calc'!A0", " "))
    .map((parts) => parts.join("")),
);
const addresses = fc
  .array(
    fc.oneof(
      fc.webUrl(),
      fc.ipV4(),
      fc.emailAddress().filter((address) => /^[\w.]+@/.test(address)),
      fc.domain(),
      fc.constantFrom(
        "(",
        "[",
        "](",
        "javascript:alert(1)",
        "mailto:",
        ".",
        "<",
        "`",
        "|",
        "http://a.com/?u=https://b.org",
      ),
      fc.string(),
    ),
    { maxLength: 6 },
  )
  .chain((parts) => fc.constantFrom(" ", "", ", ").map((between) => parts.join(between)));

it("says in every format that retention deleted answers", () => {
  const prunedAnswers = { count: 3, at: "2026-06-01T00:00:00.000Z" };
  for (const format of ExportFormat.options) {
    const [whole, pruned] = [made(format, [testRequest()]), made(format, [testRequest({ prunedAnswers })])];
    const told = /3 answers were deleted by retention|answersDeleted|"prunedAnswers":\{"count":3/;
    expect(pruned, format).toMatch(told);
    expect(pruned, format).not.toBe(whole);
  }
});

describe("CSV", () => {
  it("parses back, and no cell of it starts a formula", () => {
    fc.assert(
      fc.property(fc.array(fc.array(hostile, { minLength: 1 }), { minLength: 1 }), (rows) => {
        const read = readCsv(rows.map(csvRow).join(""));
        expect(read.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, "")))).toEqual(
          rows.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, ""))),
        );
        for (const cell of read.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
    expect(["=1+1", "+1", "-1", "@x", "\tx", "\rx", 'a"b', -1, null].map(csvCell)).toEqual([
      "'=1+1",
      "'+1",
      "'-1",
      "'@x",
      "'\tx",
      '"\'\rx"',
      '"a""b"',
      "'-1",
      "",
    ]);
  });

  it("has a row per lookup, or one per answer with the lookup before it", () => {
    const request = testRequest();
    const [heads = [], row = [], ...rest] = readCsv(made("csv", [request]));
    expect(rest).toEqual([]);
    const cell = (name: string): string | undefined => row[heads.indexOf(name)];
    expect(["indicator", "verdict", "dbotScore", "cortexLevel", "maliciousBy", "benignBy", "asn"].map(cell)).toEqual([
      "evil.example",
      "malicious",
      "3",
      "malicious",
      "accuser",
      "defender",
      "64496",
    ]);
    const [names = [], ...answers] = readCsv(made("csv-answers", [request, testRequest({ answers: [] })]));
    const column = (name: string): (string | undefined)[] => answers.map((fields) => fields[names.indexOf(name)]);
    expect(column("source")).toEqual(["accuser", "defender", "broken", ""]);
    expect(column("sourceVerdict")).toEqual(["malicious", "benign", "", ""]);
    expect(column("reasons")[0]).toMatch(/^'=Seen at/);
  });
});

describe("text for tickets", () => {
  it("holds nothing live, whatever sources say", () => {
    fc.assert(
      fc.property(addresses, (text) => {
        expect(liveIn(defangText(text))).toEqual([]);
        expect(defangText(defangText(text))).toBe(defangText(text));
        const request = testRequest();
        const [accuser] = request.answers;
        if (!accuser) throw new Error("no answer");
        const answers = [{ ...accuser, labels: [text], reasons: [{ code: "X", text: text || "-" }], link: text }];
        for (const format of ["markdown", "text"] as const) {
          expect(liveIn(made(format, [{ ...request, answers }]))).toEqual([]);
        }
      }),
    );
    expect(liveIn(defangText("cd7q@4obvxf40zz.9zt0h5seez.ara5e5.20.9.128.211.52.5d8.ph"))).toEqual([]);
    for (const indicator of everyKind) {
      expect(liveIn(made("text", [testRequest(indicator)]))).toEqual([]);
      expect(liveIn(made("markdown", [testRequest(indicator)]))).toEqual([]);
    }
    expect(defangText("3.5 of 10 at https://evil.example/a.php?x=1.2, 198.51.100.7 v1.2")).toBe(
      "3.5 of 10 at hxxps[://]evil[.]example/a[.]php?x=1.2, 198[.]51[.]100[.]7 v1.2",
    );
  });

  it("lets no mark of Markdown or HTML through", () => {
    const request = testRequest();
    const text = made("markdown", [request]);
    expect(text).toContain("## `evil[.]example`");
    expect(text).toContain("a\\|b, 198[.]51[.]100[.]7 and \\<b\\>c2[@]evil[.]example\\</b\\>");
    expect(markdownText("![x](http[://]y) <img> `a` **b**")).toBe(
      "\\!\\[x\\]\\(http[://]y\\) \\<img\\> \\`a\\` \\*\\*b\\*\\*",
    );
    expect(made("text", [request])).toContain("Why:       R2: Accuser, of reliability A, calls it malicious");
  });
});

describe("MISP", () => {
  it("sets to_ids for what is malicious only, and marks the event with the strictest TLP", () => {
    const verdicts = ["malicious", "suspicious", "benign", "unknown"] as const;
    const requests = verdicts.map((verdict, at) => testRequest({ id: `lookup00000${at}` }, verdict));
    const { Event } = JSON.parse(made("misp", [...requests, testRequest({ id: "lookup000009", tlp: "RED" })]));
    expect(Event.Attribute.map((attribute: { to_ids: boolean }) => attribute.to_ids)).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
    expect(Event.Tag).toEqual([{ name: "tlp:red" }]);
    expect(Event.Attribute[0]).toMatchObject({
      type: "domain",
      category: "Network activity",
      value: "evil.example",
      Tag: [{ name: "tlp:amber" }, { name: "PAP:GREEN" }, { name: 'assay:verdict="malicious"' }],
    });
    expect(JSON.parse(made("misp", [])).Event.Attribute).toEqual([]);
  });

  it.each([
    ["203.0.113.7:4444", "203.0.113.7|4444"],
    ["[2001:db8::1]:443", "2001:db8::1|443"],
  ])("writes address and port %s as %s", (data, value) => {
    const { Event } = JSON.parse(made("misp", [testRequest({ kind: "IP_PORT", data })]));
    expect(Event.Attribute[0]).toMatchObject({ type: "ip-dst|port", value });
  });
});

describe("ECS", () => {
  it("puts every kind where Elastic looks for it", () => {
    const indicatorOf = (kind: Request["kind"], data: string) =>
      (ecsDocument(testRequest({ kind, data }))["threat"] as { indicator: object }).indicator;
    expect(indicatorOf("IP_PORT", "[2001:db8::1]:443")).toMatchObject({ ip: "2001:db8::1", port: 443 });
    expect(indicatorOf("URL", "http://user@[2001:db8::1]:8080/a")).toMatchObject({
      type: "url",
      url: { scheme: "http", domain: "[2001:db8::1]", full: "http://user@[2001:db8::1]:8080/a" },
    });
    expect(indicatorOf("ASN", "AS64496")).toMatchObject({ as: { number: 64496 } });
    expect(indicatorOf("REGISTRY_KEY", "HKEY_LOCAL_MACHINE\\Software\\X")).toMatchObject({
      registry: { hive: "HKLM", key: "Software\\X" },
    });
    const lines = made(
      "ecs",
      everyKind.map((indicator) => testRequest(indicator)),
    )
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line).threat.indicator.name)).toEqual(everyKind.map(({ data }) => data));
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      event: { kind: "enrichment", category: ["threat"], type: ["indicator"], risk_score: 90 },
      threat: { indicator: { confidence: "High", marking: { tlp: "AMBER", tlp_version: "2.0" }, scanner_stats: 1 } },
      assay: { verdict: "malicious", dbotScore: 3, cortexLevel: "malicious" },
    });
  });
});

it("tells of an analyst's decision who decided and why, in every format but that of single answers", () => {
  const decision = {
    id: "decision0001",
    verdict: "benign",
    reason: "Our own scanner",
    user: { id: "user00000002", name: "Ann" },
    createdAt: "2025-12-31T00:00:00.000Z",
    expiresAt: "2026-03-01T00:00:00.000Z",
  } as const;
  const { verdict } = testRequest({}, "benign");
  const text = "Decided by Ann on 2025-12-31, until 2026-03-01: Our own scanner";
  const request = testRequest({ verdict: { ...verdict, rule: "R0", text, decision } });
  for (const format of Object.keys(exportFormats).filter((name) => name !== "csv-answers") as ExportFormat[]) {
    expect(made(format, [request]).replaceAll("\\", ""), format).toMatch(/Ann[^]*Our own scanner/);
    expect(made(format, [request]), format).toContain("R0");
  }
  expect(made("csv-answers", [request])).toContain("R0");
  expect(made("stix", [request])).toContain(`"valid_until":"2026-03-01T00:00:00.000Z"`);
});
