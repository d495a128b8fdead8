import type { Client, RequestFilter } from "@assay/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestBackend, type TestBackend } from "../../testing.ts";
import { requestConditions, type RequestListFilter } from "./queries.ts";
import { testRequest } from "../exports/fixtures.ts";

/** What is searched for, and lookups enough around it that PostgreSQL prefers an index to reading them all. */
const crowd = 20_000;
const wanted = [
  ["DOMAIN", "example.com"],
  ["DOMAIN", "mail.example.com"],
  ["DOMAIN", "notexample.com"],
  ["URL", "https://user@www.example.com:8443/a?b=c@d"],
  ["URL", "http://other.test/?to=http://example.com/"],
  ["EMAIL", "someone@example.com"],
  ["IPV4", "198.51.100.7"],
  ["IP_PORT", "198.51.100.8:443"],
  ["CIDR", "198.51.100.128/25"],
  ["CIDR", "198.51.0.0/16"],
  ["IPV6", "2001:db8::7"],
  ["IP_PORT", "[2001:db8::8]:443"],
  ["REGISTRY_KEY", "HKEY_USERS\\100%_x"],
] as const;

let backend: TestBackend;
let client: Client;
beforeAll(async () => {
  backend = await startTestBackend();
  client = backend.client(await backend.token());
  const { verdict } = testRequest({}, "suspicious");
  const { pool } = backend.db;
  await pool.query(
    `INSERT INTO requests (id, data, kind, status, tlp, pap, visibility, deadline_at, created_at, completed_at, user_id, trace_id, verdict, summary, plan, node)
     SELECT lpad(n::text, 12, '0'), 'host' || n || '.crowd.test', 'DOMAIN', 'completed', 'GREEN', 'CLEAR', 'everyone', t, t, t, 'crowd0000000', '', 'unknown', $1, '[]', ''
     FROM generate_series(1, ${crowd}) n, LATERAL (SELECT timestamptz '2025-01-01Z' + n * interval '1 minute' AS t) x`,
    [JSON.stringify(testRequest({}, "unknown").verdict)],
  );
  for (const [at, [kind, data]] of wanted.entries()) {
    await pool.query(
      `INSERT INTO requests (id, data, kind, status, tlp, pap, visibility, deadline_at, created_at, completed_at, user_id, trace_id, verdict, summary, plan, node)
       VALUES ($1, $2, $3, 'completed', 'RED', 'CLEAR', 'private', $4, $4, $4, $5, '', 'suspicious', $6, '[]', '')`,
      [
        `wanted00000${at.toString(36)}`,
        data,
        kind,
        new Date(Date.UTC(2024, 0, 1 + at)),
        backend.admin.id,
        JSON.stringify(verdict),
      ],
    );
  }
  const { answers } = testRequest();
  await pool.query(
    `INSERT INTO source_requests (id, request_id, source_id, sequence, outcome, verdict, answer, created_at)
     SELECT 'answer' || n, 'wanted000006', NULL, n, a->>'outcome', a->>'verdict', a, now()
     FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS given(a, n)`,
    [JSON.stringify(answers)],
  );
  await pool.query("ANALYZE");
});
afterAll(() => backend.close());

const found = async (query: RequestFilter): Promise<string[]> =>
  (await client.requests.list({ query })).items.map(({ data }) => data).toSorted();

describe("a search", () => {
  it.each<[RequestFilter, string[]]>([
    [
      { domain: ".example.com" },
      ["example.com", "https://user@www.example.com:8443/a?b=c@d", "mail.example.com", "someone@example.com"],
    ],
    [{ domain: "www[.]Example.com" }, ["https://user@www.example.com:8443/a?b=c@d"]],
    [{ network: "198.51.100.0/24" }, ["198.51.100.128/25", "198.51.100.7", "198.51.100.8:443"]],
    [{ network: "2001:db8::/32" }, ["2001:db8::7", "[2001:db8::8]:443"]],
    [{ prefix: "hxxps://user" }, ["https://user@www.example.com:8443/a?b=c@d"]],
    [{ prefix: "HKEY_USERS\\100%_" }, ["HKEY_USERS\\100%_x"]],
    [{ prefix: "HOST19999." }, ["host19999.crowd.test"]],
    [{ outcome: "failed" }, ["198.51.100.7"]],
    [{ userId: "crowd0000000", verdict: "suspicious" }, []],
    [{ from: "2024-01-01T00:00:00Z", to: "2024-01-02T00:00:00Z" }, ["example.com"]],
    [{ verdict: "suspicious", kind: "CIDR" }, ["198.51.0.0/16", "198.51.100.128/25"]],
  ])("%j finds what it means, and no more", async (filter, expected) => {
    expect(await found(filter)).toEqual(expected.toSorted());
  });

  it.each<[RequestFilter, string]>([
    [{ network: "198.51.100" }, "query.network"],
    [{ domain: "exa mple.com" }, "query.domain"],
  ])("%j is refused with the field's name", async (query, field) => {
    await expect(client.requests.list({ query })).rejects.toMatchObject({
      problem: { code: "VALIDATION_FAILED", errors: [{ field }] },
    });
  });
});

it.each<RequestListFilter>([
  { data: "host7.crowd.test" },
  { prefix: "host77" },
  { domain: "host7.crowd.test" },
  { network: "198.51.100.0/24" },
  { kind: "CIDR" },
  { verdict: "suspicious" },
  { userId: "someoneelse0" },
  { sourceId: "nosuchsource" },
  { from: "2025-01-03T00:00:00Z", to: "2025-01-03T01:00:00Z" },
])("%j is found by an index", async (filter) => {
  const values: unknown[] = [];
  const newest = "ORDER BY created_at DESC, id DESC LIMIT 50";
  const parts = requestConditions(filter, (value) => `$${values.push(value)}`).map(
    (where) => `(SELECT id, created_at FROM requests WHERE visibility = 'everyone' AND ${where} ${newest})`,
  );
  const select = `SELECT id FROM (${parts.join(" UNION ALL ")}) AS found ${newest}`;
  const { rows } = await backend.db.pool.query<{ "QUERY PLAN": string }>(`EXPLAIN ${select}`, values);
  const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
  expect(plan).toMatch(/Index/);
  expect(plan).not.toMatch(/Seq Scan on requests/);
});

it("exports a search of many pages, each lookup once, and records that it was taken", async () => {
  const headers = await backend.token();
  const response = await fetch(`${backend.url}/api/v1/requests/export?format=jsonl`, { headers });
  const lines = (await response.text()).trimEnd().split("\n");
  const ids = lines.map((line) => (JSON.parse(line) as { id: string }).id);
  expect([ids.length, new Set(ids).size]).toEqual([crowd + wanted.length, crowd + wanted.length]);
  const failed = await fetch(`${backend.url}/api/v1/requests/export?format=csv-answers&outcome=failed`, { headers });
  expect((await failed.text()).trimEnd().split("\r\n")).toHaveLength(4);
  const other = await backend.token({ user: await backend.createUser(["analyst"]), scopes: ["requests:read"] });
  const theirs = await fetch(`${backend.url}/api/v1/requests/export?format=csv&verdict=suspicious`, { headers: other });
  // Those of another under TLP:RED are not theirs to take.
  expect((await theirs.text()).trimEnd().split("\r\n")).toHaveLength(1);
  const events = await client.events.list({ query: { action: "request.export" } });
  expect(events.items.map(({ object }) => object.name)).toEqual([
    "verdict suspicious, as csv",
    "outcome failed, as csv-answers",
    "all, as jsonl",
  ]);
});
