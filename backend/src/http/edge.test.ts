import { request } from "node:http";
import { Problem } from "@assay/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestBackend, type TestBackend } from "../testing.ts";

let backend: TestBackend;
let token: { authorization: string };
beforeAll(async () => {
  backend = await startTestBackend();
  token = await backend.token();
});
afterAll(() => backend.close());

interface Call {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

async function call(path: string, init: Call = {}): Promise<{ response: Response; problem: Problem }> {
  const response = await fetch(`${backend.url}${path}`, { ...init, headers: { ...token, ...init.headers } });
  const problem = Problem.parse(await response.json());
  expect(response.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
  expect(problem.status).toBe(response.status);
  return { response, problem };
}

const json = { "content-type": "application/json" };
const create = (body: string, headers: Record<string, string> = json) =>
  call("/api/v1/providers", { method: "POST", headers, body });

describe("what is wrong with a call is said as a problem document", () => {
  test("unknown address and wrong method", async () => {
    expect((await call("/api/v1/nothing")).problem).toMatchObject({ status: 404, code: "NOT_FOUND" });
    const { response, problem } = await call("/api/v1/providers", { method: "DELETE" });
    expect(problem).toMatchObject({
      code: "METHOD_NOT_ALLOWED",
      detail: "DELETE is not possible here; possible: GET, POST.",
    });
    expect(response.headers.get("allow")).toBe("GET, POST");
    expect((await call("/api/v1/providers/%E0%A4%A")).problem.code).toBe("VALIDATION_FAILED");
  });

  test("a HEAD starts no lookup, though a GET of the same address does", async () => {
    const response = await fetch(`${backend.url}/api/v1/requests/execute?data=192.0.2.1`, {
      method: "HEAD",
      headers: token,
    });
    expect(response.status).toBe(405);
    expect(await backend.db.prisma.request.count()).toBe(0);
  });

  test("bodies that are no JSON", async () => {
    const { problem } = await create('{"name": "x",}');
    expect(problem.code).toBe("MALFORMED_JSON");
    expect(problem.detail).toMatch(/^The body is not valid JSON: .*position/);
    // The parser quotes the body around its fault, and a body may hold a password.
    for (const text of ['{"password": "hunter2', '{"password": hunter2}', "hunter2", '{"a": 1}hunter2', "undefined"]) {
      expect((await create(text)).problem.detail).not.toMatch(/hunter|passw|undefined/);
    }
    expect((await create("{}", { "content-type": "text/plain" })).problem.code).toBe("UNSUPPORTED_MEDIA_TYPE");
    expect((await create("{}", { ...json, "content-encoding": "gzip" })).problem.code).toBe("UNSUPPORTED_MEDIA_TYPE");
    for (const charset of ["utf-16", '"iso-8859-1"']) {
      const { problem: refused } = await create("{}", { "content-type": `application/json; charset=${charset}` });
      expect(refused).toMatchObject({ code: "UNSUPPORTED_MEDIA_TYPE", detail: expect.stringContaining("UTF-8") });
    }
    const utf8 = { "content-type": 'application/json; charset="UTF-8"' };
    expect((await create("", utf8)).problem.code).toBe("MALFORMED_JSON");
    expect((await create("")).problem.code).toBe("MALFORMED_JSON");
  });

  test("a body that is too large is refused, whether or not it says so beforehand", async () => {
    const body = JSON.stringify({ name: "x".repeat(2 * 1024 * 1024) });
    expect((await create(body)).problem).toMatchObject({
      code: "BODY_TOO_LARGE",
      detail: "The body may have 1048576 bytes at the most.",
    });
    const status = await new Promise((resolve, reject) => {
      const headers = { ...token, ...json, "transfer-encoding": "chunked" };
      const req = request(`${backend.url}/api/v1/providers`, { method: "POST", headers }, (res) =>
        resolve(res.statusCode),
      );
      req.on("error", reject);
      req.end(body);
    });
    expect(status).toBe(413);
  });

  test("every field that is wrong is named, unknown ones included", async () => {
    const { problem } = await create(JSON.stringify({ slug: "Not A Slug", url: "ftp://x", enabled: "yes", colour: 1 }));
    expect(problem.code).toBe("VALIDATION_FAILED");
    expect(problem.errors).toEqual([
      { field: "body.name", message: "is missing" },
      {
        field: "body.slug",
        message: "must be a slug: lower-case letters and digits, words joined by one hyphen",
      },
      { field: "body.url", message: "must be an http or https URL" },
      { field: "body.enabled", message: "must be true or false" },
      { field: "body.colour", message: "is not a known field" },
    ]);
    expect(problem.detail).toContain("body.name is missing; body.slug must be a slug");
    const query = (await call("/api/v1/providers?limit=1000&page=2")).problem;
    expect(query.errors).toEqual([
      { field: "query.limit", message: "must be at most 200" },
      { field: "query.page", message: "is not a known field" },
    ]);
  });

  test("a time that no database takes is named, whatever its offset makes of it", async () => {
    const late = "9999-12-31T23:59:59-23:59";
    for (const time of ["0000-01-01T00:00:00Z", late]) {
      for (const path of ["requests", "requests/export", "events", "events/export"]) {
        const query = `from=${encodeURIComponent(time)}${path.endsWith("requests/export") ? "&format=csv" : ""}`;
        const { problem } = await call(`/api/v1/${path}?${query}`);
        expect(problem.errors).toMatchObject([
          { field: "query.from", message: expect.stringContaining("0001 to 9999") },
        ]);
      }
    }
    const body = JSON.stringify({ note: "x", expiresAt: late });
    const { problem } = await call("/api/v1/apiTokens", { method: "POST", headers: json, body });
    expect(problem.errors).toMatchObject([{ field: "body.expiresAt" }]);
    const cursor = Buffer.from('["0000-01-01T00:00:00Z","aaaaaaaaaaaa"]').toString("base64url");
    for (const path of ["apiTokens", "decisions", "batches"]) {
      const forged = (await call(`/api/v1/${path}?cursor=${cursor}`)).problem;
      expect(forged.errors).toMatchObject([{ field: "query.cursor" }]);
    }
    const odd = await fetch(`${backend.url}/api/v1/requests?from=2026-01-01T00:00:00%2B23:59`, { headers: token });
    expect(odd.status).toBe(200);
  });

  test("text that cannot be stored, nesting without end and foreign cursors are the caller's fault, not ours", async () => {
    expect((await create('{"name":"a\\u0000b"}')).problem.errors?.[0]?.field).toBe("body.name");
    expect((await create('{"name":"a\\ud800b"}')).problem.errors?.[0]?.message).toContain("valid Unicode");
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect((await create(`{"name":${deep}}`)).problem.errors?.[0]?.message).toBe("is nested too deeply");
    expect((await call("/api/v1/sources/slugs/%00")).problem.code).toBe("VALIDATION_FAILED");
    for (const position of ['["\\u0000","aaaaaaaaaaaa"]', "[1]", "{", '["x","y"]']) {
      const cursor = Buffer.from(position).toString("base64url");
      expect((await call(`/api/v1/sources?cursor=${cursor}`)).problem.errors?.[0]?.field).toBe("query.cursor");
    }
  });
});

test("the caller's trace goes on, and its id is in the answer, in errors too", async () => {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const { response, problem } = await call("/api/v1/providers/aaaaaaaaaaaa", {
    headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
  });
  expect(problem.traceId).toBe(traceId);
  expect(response.headers.get("x-trace-id")).toBe(traceId);
  expect(response.headers.get("traceresponse")).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-0[01]$`));
  const own = await fetch(`${backend.url}/api/v1/health`);
  expect(own.headers.get("x-trace-id")).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
});

test("programs are told of Basic, a browser's page is not, lest the browser asks for a password itself", async () => {
  const challenge = async (headers: Record<string, string>): Promise<string | null> => {
    const response = await fetch(`${backend.url}/api/v1/sources`, { headers: { "user-agent": "curl/8", ...headers } });
    expect(response.status).toBe(401);
    return response.headers.get("www-authenticate");
  };
  // fetch itself sends sec-fetch-mode, as a browser does.
  expect(await challenge({})).toBe('Bearer realm="Assay"');
  const asCurl = await new Promise((resolve) => {
    request(`${backend.url}/api/v1/sources`, (res) => resolve(res.headers["www-authenticate"])).end();
  });
  expect(asCurl).toBe('Bearer realm="Assay", Basic realm="Assay", charset="UTF-8"');
});

test("a call has an id: the caller's own where it is well-formed, else a new one; it is in the answer, in errors too", async () => {
  const own = await call("/api/v1/providers/aaaaaaaaaaaa", { headers: { "x-request-id": "soar-run.42:7" } });
  expect([own.response.headers.get("x-request-id"), own.problem.requestId]).toEqual(["soar-run.42:7", "soar-run.42:7"]);
  for (const id of ["short", "with space", "x".repeat(101), "<script>"]) {
    const { response, problem } = await call("/api/v1/nothing", { headers: { "x-request-id": id } });
    expect(problem.requestId).toMatch(/^[\w-]{21}$/);
    expect(response.headers.get("x-request-id")).toBe(problem.requestId);
  }
});

describe("pages of other sites", () => {
  const site = "https://soar.example.org";
  const from = (origin: string, init: RequestInit = {}) =>
    fetch(`${backend.url}/api/v1/health`, { ...init, headers: { ...init.headers, origin } });

  test("may not call the API until the settings name them, and never with cookies", async () => {
    const preflight = { method: "OPTIONS", headers: { "access-control-request-method": "GET" } };
    expect((await from(site)).headers.get("access-control-allow-origin")).toBeNull();
    expect((await from(site, preflight)).status).toBe(405);
    const client = backend.client(token);
    await client.config.update({ body: { corsOrigins: [site] } });
    const answer = await from(site);
    expect(answer.headers.get("access-control-allow-origin")).toBe(site);
    expect([answer.headers.get("vary"), answer.headers.get("access-control-allow-credentials")]).toEqual([
      "Origin",
      null,
    ]);
    const asked = await from(site, preflight);
    expect([asked.status, asked.headers.get("access-control-allow-headers")]).toEqual([
      204,
      expect.stringContaining("Authorization"),
    ]);
    for (const other of ["https://evil.example", "https://soar.example.org.evil.example", "null"]) {
      expect((await from(other)).headers.get("access-control-allow-origin")).toBeNull();
    }
    await client.config.update({ body: { corsOrigins: null } });
    expect((await from(site)).headers.get("access-control-allow-origin")).toBeNull();
  });
});

test("where a call came from is what the socket says, unless that is a trusted proxy", async () => {
  const client = backend.client(token);
  const addressAfter = async (forwarded: string): Promise<string | null | undefined> => {
    const name = `From ${Math.random()}`;
    await fetch(`${backend.url}/api/v1/providers`, {
      method: "POST",
      headers: { ...token, ...json, "x-forwarded-for": forwarded },
      body: JSON.stringify({ name }),
    });
    return (await client.events.list({ query: { text: name } })).items[0]?.address;
  };
  expect(await addressAfter("203.0.113.9")).toBe("127.0.0.1");
  await client.config.update({ body: { trustedProxies: ["127.0.0.1", "10.0.0.0/8"] } });
  expect(await addressAfter("203.0.113.9")).toBe("203.0.113.9");
  expect(await addressAfter("192.0.2.1, 203.0.113.9, 10.1.2.3")).toBe("203.0.113.9");
  expect(await addressAfter("203.0.113.9:4711")).toBe("203.0.113.9");
  expect(await addressAfter("[2001:db8::1]:4711")).toBe("2001:db8::1");
  expect(await addressAfter("' OR 1=1, 10.1.2.3")).toBe("10.1.2.3");
  await client.config.update({ body: { trustedProxies: null } });
});

describe("pages", () => {
  test("the documentation is for those who are signed in, and loads nothing from elsewhere", async () => {
    const get = (path: string, headers: Record<string, string>) =>
      fetch(`${backend.url}/api/v1/docs${path}`, { headers, redirect: "manual" });
    expect((await get("/openapi.json", {})).status).toBe(401);
    const sent = await get("", { accept: "text/html" });
    expect([sent.status, sent.headers.get("location")]).toEqual([302, "/"]);
    const page = await get("", token);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none';script-src 'self'");
    const html = await page.text();
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? "");
    expect(files.length).toBeGreaterThan(3);
    for (const path of files) {
      const file = await fetch(`${backend.url}${path}`, { headers: token });
      expect([path, file.status, (await file.arrayBuffer()).byteLength > 0]).toEqual([path, 200, true]);
    }
    expect(await (await get("/openapi.json", token)).json()).toMatchObject({ openapi: "3.1.0" });
  });

  test("a dashboard that has not been built says how to", async () => {
    const response = await fetch(`${backend.url}/some/page`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("npm start");
    expect((await fetch(`${backend.url}/assets/none.js`)).status).toBe(404);
  });
});
