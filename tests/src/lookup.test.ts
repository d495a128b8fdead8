import type { Answer, ApiError, Problem, Request } from "@assay/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addSource, answersAfter } from "./sources.ts";
import { readEvents } from "./sse.ts";
import { type Stack, startStack } from "./stack.ts";

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await startStack();
  token = (await stack.client.apiTokens.create({ body: { note: "tests" } })).token;
});
afterAll(() => stack.close());

const bearer = (): Record<string, string> => ({ authorization: `Bearer ${token}` });
const bySlug = (request: Request, slug: string): Answer | undefined =>
  request.answers.find((answer) => answer.source.slug === slug);

const refusal = (call: Promise<unknown>): Promise<Problem> =>
  call.then(
    () => expect.fail("it was not refused"),
    (error: unknown) => (error as ApiError).problem,
  );

describe("a lookup, from the outside", () => {
  test.each([
    ["8.8.8.8", "IPV4", "8.8.8.8", ["ip-facts"]],
    ["xn--e1awd7f[.]com", "DOMAIN", "xn--e1awd7f.com", ["domain-anatomy"]],
    ["hxxps://Example[.]com:443/a?b=C", "URL", "https://example.com/a?b=C", ["url-anatomy"]],
    ["E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", "SHA256", undefined, ["hash-facts"]],
  ])(
    "%s is answered by the sources that need no network, and every other one says why it cannot",
    async (data, kind, canonical, slugs) => {
      const request = await stack.client.requests.create({ body: { data }, query: { wait: "60s" } });
      expect(request).toMatchObject({ kind, status: "completed", data: canonical ?? data.toLowerCase() });
      expect(request.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
      for (const slug of slugs)
        expect(bySlug(request, slug)).toMatchObject({ outcome: "ok", problems: [], source: { slug } });
      for (const answer of request.answers.filter((one) => !slugs.includes(one.source.slug))) {
        expect(answer.outcome, JSON.stringify(answer)).toBe("failed");
        expect(answer.problems[0]?.code).toMatch(/^(UPSTREAM_ERROR|TIMEOUT)$/);
        expect(answer.http.length).toBeGreaterThan(0);
      }
      const { asked, answered, failed } = request.verdict.coverage;
      expect([asked, answered + failed]).toEqual([request.answers.length, request.answers.length]);
      expect(await stack.client.requests.get({ params: { id: request.id } })).toEqual(request);
    },
  );

  test("both token words, Basic and one-call execution give the same; without any there is nothing", async () => {
    const url = `${stack.url}/api/v1/requests/execute?data=192.0.2.1&ignoreErrors=true`;
    const basic = `Basic ${Buffer.from(`${stack.adminEmail}:${stack.adminPassword}`).toString("base64")}`;
    for (const authorization of [`Bearer ${token}`, `Token ${token}`, basic]) {
      const response = await fetch(url, { headers: { authorization } });
      const request = (await response.json()) as Request;
      expect([response.status, request.answers.map((answer) => answer.outcome)]).toEqual([200, ["ok"]]);
    }
    expect((await fetch(url)).status).toBe(401);
  });

  test("answers stream in as they arrive; a watcher that comes back neither loses nor repeats any", async () => {
    const slow = await addSource(stack.client, "JAVASCRIPT", "Slow", answersAfter.JAVASCRIPT(700));
    const fast = await addSource(stack.client, "PYTHON", "Fast", answersAfter.PYTHON(1));
    const request = await stack.client.requests.create({ body: { data: "192.0.2.7", sourceIds: [slow.id, fast.id] } });
    expect(request.status).toBe("running");
    const url = `${stack.url}/api/v1/requests/${request.id}/events`;
    const first = await readEvents(url, bearer(), (events) =>
      events.some(({ event }) => event.type === "fetching_data"),
    );
    const rest = await readEvents(url, { ...bearer(), "last-event-id": first.at(-1)?.id ?? "" });
    const again = await readEvents(url, bearer());
    expect([...first, ...rest]).toEqual(again);
    expect(again[0]?.event).toMatchObject({
      type: "fetching_start",
      plan: [{ source: { slug: "slow" } }, { source: { slug: "fast" } }],
    });
    const answered = again.flatMap(({ event }) => (event.type === "fetching_data" ? [event.answer.source.slug] : []));
    expect(answered).toEqual(["fast", "slow"]);
    expect(again.at(-1)?.event).toMatchObject({ type: "fetching_end", request: { status: "completed" } });
    expect(again.map(({ id }) => Number(id))).toEqual(again.map((_, index) => index + 1));
  });

  test("execute/sse starts a lookup and streams it on one connection", async () => {
    const events = await readEvents(
      `${stack.url}/api/v1/requests/execute/sse?data=2001:DB8::1&ignoreErrors=true`,
      bearer(),
    );
    expect(events.map(({ event }) => event.type).filter((type) => type !== "verdict")).toEqual([
      "fetching_start",
      "fetching_data",
      "fetching_end",
    ]);
  });

  test("cancelling stops the user code and says so on each source that was out", async () => {
    const source = await addSource(stack.client, "PYTHON", "Endless", answersAfter.PYTHON(60_000), 60_000);
    const { id } = await stack.client.requests.create({ body: { data: "192.0.2.8", sourceIds: [source.id] } });
    const cancelled = await stack.client.requests.cancel({ params: { id } });
    expect(cancelled).toMatchObject({
      status: "cancelled",
      answers: [{ outcome: "skipped", problems: [{ code: "CANCELLED" }] }],
    });
    await expect(stack.client.requests.cancel({ params: { id } })).rejects.toMatchObject({
      problem: { code: "CONFLICT" },
    });
  });

  test("the deadline of a lookup and the timeout of a source both hold", async () => {
    const [js, py] = [
      await addSource(stack.client, "JAVASCRIPT", "Loop", "export function fetchData() { for (;;); }", 300),
      await addSource(stack.client, "PYTHON", "Sleep", answersAfter.PYTHON(60_000), 60_000),
    ];
    const own = await stack.client.requests.create({
      body: { data: "192.0.2.9", sourceIds: [js.id] },
      query: { wait: "30s" },
    });
    expect(own).toMatchObject({
      status: "completed",
      answers: [{ outcome: "failed", problems: [{ code: "TIMEOUT" }] }],
    });
    const body = { data: "192.0.2.9", sourceIds: [py.id], deadlineMs: 500 };
    const whole = await stack.client.requests.create({ body, query: { wait: "30s" } });
    expect(whole.answers).toMatchObject([{ outcome: "failed", problems: [{ code: "TIMEOUT" }] }]);
  });

  test("history finds the other lookups of the same indicator", async () => {
    const source = await stack.client.sources.getBySlug({ params: { slug: "ip-facts" } });
    const run = (): Promise<Request> =>
      stack.client.requests.create({ body: { data: "192.0.2.10", sourceIds: [source.id] }, query: { wait: "60s" } });
    const [one, two] = [await run(), await run()];
    const history = await stack.client.requests.history({ params: { id: two.id } });
    expect(history.items.map((item) => item.id)).toEqual([one.id]);
    const page = await stack.client.requests.list({ query: { data: "192.0.2.10", limit: 1 } });
    expect(page.items.map((item) => item.id)).toEqual([two.id]);
    const next = await stack.client.requests.list({
      query: { data: "192.0.2.10", limit: 1, cursor: page.nextCursor ?? "" },
    });
    expect([next.items.map((item) => item.id), next.nextCursor]).toEqual([[one.id], null]);
  });
});

describe("bad input", () => {
  test.each([
    [{ data: "8.8.8.8", kind: "MD5" }, "INVALID_INDICATOR", "body.data"],
    [{ data: "not an indicator at all" }, "INVALID_INDICATOR", "body.data"],
    [{ data: "8.8.8.8", sourceIds: ["nosuchsource"] }, "UNKNOWN_SOURCE", "body.sourceIds[0]"],
    [{ data: "8.8.8.8", kind: "IPV5" }, "VALIDATION_FAILED", "body.kind"],
    [{ data: "8.8.8.8", colour: "red" }, "VALIDATION_FAILED", "colour"],
    [{ data: "8.8.8.8", deadlineMs: 1 }, "VALIDATION_FAILED", "body.deadlineMs"],
    [{ data: "a".repeat(9000) }, "VALIDATION_FAILED", "body.data"],
  ])("%j is refused by name: %s", async (body, code, field) => {
    const problem = await refusal(stack.client.requests.create({ body: body as { data: string } }));
    expect(problem).toMatchObject({ code, status: 400 });
    expect(JSON.stringify(problem.errors)).toContain(field);
    expect(problem.traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each(["9999999m", "soon", "-1s"])("a wait of %s is refused, not cut short in silence", async (wait) => {
    const problem = await refusal(stack.client.requests.create({ body: { data: "8.8.8.8" }, query: { wait } }));
    expect(problem).toMatchObject({ code: "VALIDATION_FAILED", errors: [{ field: "query.wait" }] });
  });

  test("code that does not compile is refused with line and column, in both languages", async () => {
    const js = await refusal(
      addSource(stack.client, "JAVASCRIPT", "Broken", "export function fetchData() {\n  return {;\n}"),
    );
    expect(js).toMatchObject({ code: "CODE_DOES_NOT_COMPILE", errors: [{ field: "body.code", line: 2 }] });
    const py = await refusal(
      addSource(stack.client, "PYTHON", "Broken", "def fetch_data(indicator, context):\n    return {\n"),
    );
    expect(py).toMatchObject({
      code: "CODE_DOES_NOT_COMPILE",
      errors: [{ field: "body.code", line: expect.any(Number) }],
    });
  });

  const misbehaviour: [string, string, string, string][] = [
    ["nothing", "export function fetchData() {}", "def fetch_data(indicator, context):\n    pass\n", "BAD_RESPONSE"],
    [
      "a cycle",
      "export function fetchData() { const a = {}; a.a = a; return a; }",
      "def fetch_data(indicator, context):\n    a = {}\n    a['a'] = a\n    return a\n",
      "BAD_RESPONSE",
    ],
    [
      "nesting without end",
      "export function fetchData() { let a = 1; for (let n = 0; n < 5000; n++) a = [a]; return a; }",
      "def fetch_data(indicator, context):\n    a = 1\n    for _ in range(900):\n        a = [a]\n    return a\n",
      "BAD_RESPONSE",
    ],
    [
      "50 MB",
      "export function fetchData() { return { data: 'x'.repeat(50e6) }; }",
      "def fetch_data(indicator, context):\n    return {'data': 'x' * 50_000_000}\n",
      "BAD_RESPONSE",
    ],
    [
      "an exception",
      "export function fetchData() { throw new Error('boom'); }",
      "def fetch_data(indicator, context):\n    raise ValueError('boom')\n",
      "SOURCE_ERROR",
    ],
    [
      "a bad opinion",
      "export function fetchData() { return { data: 1, verdict: 'evil' }; }",
      "def fetch_data(indicator, context):\n    return {'data': 1, 'verdict': 'evil'}\n",
      "BAD_RESPONSE",
    ],
  ];
  test.each(misbehaviour)(
    "a source that returns %s fails alone and says so",
    async (what, javascript, python, code) => {
      const sources = [
        await addSource(stack.client, "JAVASCRIPT", `JavaScript with ${what}`, javascript, 30_000),
        await addSource(stack.client, "PYTHON", `Python with ${what}`, python, 30_000),
        await addSource(stack.client, "PYTHON", `Well beside ${what}`, answersAfter.PYTHON(1)),
      ];
      const body = { data: "192.0.2.11", sourceIds: sources.map((source) => source.id), deadlineMs: 60_000 };
      const { answers } = await stack.client.requests.create({ body, query: { wait: "60s" } });
      const byId = new Map(answers.map((answer) => [answer.source.id, answer]));
      for (const source of sources.slice(0, 2)) {
        const problem = byId.get(source.id)?.problems[0];
        expect([problem?.code, (problem?.message ?? "").length > 3], source.language).toEqual([code, true]);
        expect(JSON.stringify(problem)).not.toMatch(/\/(home|tmp|usr|root|work)\//);
      }
      expect(byId.get(sources[2]?.id ?? "")?.outcome).toBe("ok");
    },
  );
});
