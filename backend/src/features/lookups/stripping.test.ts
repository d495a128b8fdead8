import type { Answer, Client, IndicatorKind, SourceInput, StripPart } from "@assay/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ServedBackend, startServedBackend } from "../../testing-served.ts";
import { testSource } from "./fixtures.ts";
import { indicatorFor } from "./indicator-for.ts";

let backend: ServedBackend;
let client: Client;
beforeAll(async () => {
  backend = await startServedBackend({ languages: ["javascript", "python"] });
  client = backend.client(await backend.token());
});
afterAll(() => backend.close());

/** A source that answers with all that it was given, and calls it benign. */
async function mirror(name: string, strip: StripPart[], given: Partial<SourceInput> = {}): Promise<string> {
  const provider = await client.providers.create({ body: { name } });
  const code =
    given.language === "PYTHON"
      ? `def fetch_data(indicator, context):\n    return {"data": [indicator.kind, indicator.data], "verdict": "benign"}\n`
      : `export const fetchData = ({ kind, data }) => ({ data: [kind, data], verdict: "benign" });`;
  const body = {
    name,
    strip,
    code,
    providerId: provider.id,
    language: "JAVASCRIPT",
    exposure: "local",
    reliability: "A",
    ...given,
  } as const;
  return (await client.sources.create({ body: { supportedIndicators: ["URL", "EMAIL"], ...body } })).id;
}

const lookUp = async (data: string, sourceIds: string[]) =>
  client.requests.create({ query: { wait: "20s" }, body: { data, sourceIds } });
const saw = (answers: readonly Answer[]) =>
  Object.fromEntries(answers.map(({ source, data, askedFor }) => [source.name, [data, askedFor?.stripped ?? null]]));

test("each source gets no more of a URL than it may see, in both languages, and its answer says so", async () => {
  const sources = await Promise.all([
    mirror("Sees all", []),
    mirror("No query", ["url_query"]),
    mirror("Nor user", ["url_query", "url_userinfo", "email_local_part"], { language: "PYTHON" }),
    mirror("Sees all in Python", [], { language: "PYTHON" }),
  ]);
  const whole = "https://anna:pw@login.example/a?mail=anna";
  const { answers, verdict, status } = await lookUp(whole, sources);
  expect(status).toBe("completed");
  expect(saw(answers)).toEqual({
    "Sees all": [["URL", whole], null],
    "No query": [["URL", "https://anna:pw@login.example/a"], ["url_query"]],
    "Nor user": [
      ["URL", "https://login.example/a"],
      ["url_query", "url_userinfo"],
    ],
    "Sees all in Python": [["URL", whole], null],
  });
  expect(JSON.stringify(answers.find(({ source }) => source.name === "Nor user"))).not.toContain("anna");
  expect(verdict).toMatchObject({ rule: "R5", sources: ["sees-all", "sees-all-in-python"] });
  const plain = await lookUp("https://login.example/a", sources);
  expect(plain.answers.filter(({ askedFor }) => askedFor !== undefined)).toEqual([]);
  expect(plain.verdict.sources).toHaveLength(4);
});

test("an address becomes its domain for who takes domains; others are not asked, and say why", async () => {
  const kinds: IndicatorKind[] = ["EMAIL", "DOMAIN"];
  const [domains, addresses] = await Promise.all([
    mirror("Domains too", ["email_local_part"], { supportedIndicators: kinds }),
    mirror("Addresses alone", ["email_local_part"]),
  ]);
  const { answers, verdict } = await lookUp("anna@example.org", [domains, addresses]);
  expect(saw(answers)).toEqual({
    "Domains too": [["DOMAIN", "example.org"], ["email_local_part"]],
    "Addresses alone": [null, null],
  });
  expect(answers.find(({ source }) => source.name === "Addresses alone")).toMatchObject({
    outcome: "skipped",
    problems: [{ code: "STRIPPED", message: expect.stringContaining("no more of it than example.org") }],
  });
  // That the domain is benign says nothing about who writes from it.
  expect(verdict).toMatchObject({ rule: "R6", verdict: "unknown" });
});

test("what is stripped can be changed and tried out, and a version from before does not undo it", async () => {
  const id = await mirror("Changed", []);
  const { versionId } = await client.sources.get({ params: { id } });
  const changed = await client.sources.update({ params: { id }, body: { strip: ["url_query"], description: "x" } });
  expect([changed.strip, changed.versionNumber]).toEqual([["url_query"], 2]);
  expect(saw((await lookUp("http://a.example/?b", [id])).answers)).toEqual({
    Changed: [["URL", "http://a.example/"], ["url_query"]],
  });
  const { code, language, hosts, strip, config, configValues, timeoutMs } = changed;
  const source = { code, language, hosts, strip, config, configValues, timeoutMs };
  const tried = await client.sources.test({ body: { ...source, data: "http://a.example/?b" } });
  expect(tried).toMatchObject({ data: ["URL", "http://a.example/"], askedFor: { stripped: ["url_query"] } });
  // A version that was written when there was no stripping says nothing of it.
  await backend.db.pool.query("UPDATE source_versions SET manifest = manifest - 'strip' WHERE id = $1", [versionId]);
  const back = await client.sources.rollback({ params: { id, versionId } });
  expect([back.strip, back.description]).toEqual([["url_query"], ""]);
});

test("a domain that is switched off for a source is no way out for its addresses", () => {
  const email = { kind: "EMAIL", data: "anna@example.org" } as const;
  const source = testSource("source", {
    strip: ["email_local_part"],
    supportedIndicators: new Set(["EMAIL", "DOMAIN"]),
  });
  expect(indicatorFor(source, email)).toMatchObject({ ok: true, indicator: { kind: "DOMAIN", data: "example.org" } });
  const off = { ...source, disabledIndicators: new Set<IndicatorKind>(["DOMAIN"]) };
  expect(indicatorFor(off, email)).toMatchObject({ ok: false, problem: { code: "STRIPPED" } });
  expect(indicatorFor(off, { kind: "DOMAIN", data: "example.org" })).toMatchObject({ ok: true, askedFor: undefined });
});
