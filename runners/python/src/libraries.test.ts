import { detectFence, type Fence } from "@assay/runner-common";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  startBroker,
  startHttpsServer,
  type TestBroker,
  type TestServer,
} from "../../common/src/egress/fixtures/broker-harness.ts";
import { createTestCertificates, type TestCertificates } from "../../common/src/egress/fixtures/certificates.ts";
import { source } from "../../common/conformance/python-code.ts";
import { openHarness, unitOf, type Harness } from "./testing-sandbox.ts";
import { createPythonExecutor } from "./executor.ts";
import { findInterpreter } from "./interpreter.ts";

// Guarantee: requests and httpx work as they are, through the real broker, TLS included; what fails keeps its meaning.
let certificates: TestCertificates;
let server: TestServer;
let broker: TestBroker;
let harness: Harness;
let base: string;

beforeAll(async () => {
  certificates = createTestCertificates();
  server = await startHttpsServer(certificates.issue(["up.test", "other.test"]), async (request, response) => {
    const body = Buffer.concat((await request.toArray()) as Buffer[]).toString("utf8");
    const { method, url = "", headers } = request;
    if (url === "/silent") return;
    if (url === "/hop") {
      const location = `https://other.test:${server.port}/echo?from=hop`;
      return response.writeHead(302, { location, "set-cookie": "hop=1" }).end();
    }
    const status = Number(/^\/status\/(\d+)/.exec(url)?.[1] ?? 200);
    const more = { ...(status === 429 ? { "retry-after": "7" } : {}), "set-cookie": ["a=1; Path=/", "b=2; Path=/"] };
    response.writeHead(status, { "content-type": url === "/text" ? "text/plain" : "application/json", ...more });
    if (url === "/bytes") return response.end(Buffer.from([0xff, 0xfe, 0]));
    if (url === "/text") return response.end("plain");
    const { authorization = null, cookie = null, "x-key": key = null, "content-type": type = null } = headers;
    response.end(JSON.stringify({ method, url, body, type, key, authorization, cookie }));
  });
  base = `https://up.test:${server.port}`;
  const at = `127.0.0.1:${server.port}`;
  broker = startBroker(
    {
      caFile: certificates.caFile,
      allowPrivate: ["up.test", "other.test"],
      staticHosts: { "up.test": at, "other.test": at },
    },
    [`up.test:${server.port}`, `other.test:${server.port}`],
  );
  harness = await openHarness();
});

afterAll(async () => {
  await harness.close();
  await broker.close();
  await server.close();
  certificates.remove();
});

/** Runs the body of fetch_data with `base`, the server's address, at hand. */
async function run(body: string, imports: string) {
  const lease = broker.lease();
  const code = `${source(body, `import ${imports}`)}\nbase = ${JSON.stringify(base)}\n`;
  try {
    return await harness.run({ code, timeoutMs: 15_000, onEgress: (json) => lease.handle(json) });
  } finally {
    lease.close();
  }
}

async function resultOf(body: string, imports: string): Promise<unknown> {
  const outcome = await run(body, imports);
  if (outcome.kind !== "returned") throw new Error(JSON.stringify(outcome));
  return JSON.parse(outcome.json);
}

async function problemOf(body: string, imports: string): Promise<unknown> {
  const outcome = await run(body, imports);
  return outcome.kind === "failed" ? outcome.problem : outcome;
}

const echo = { method: "GET", body: "", type: null, key: null, authorization: null, cookie: null };
const denied = { code: "EGRESS_DENIED", host: "elsewhere.test" };

describe("requests", () => {
  test("params, headers, JSON, forms, files of bytes, statuses, HEAD, streams", async () => {
    const body = `
a = requests.get(base + "/a?x=1", params={"q": "a b", "n": [1, 2]}, headers={"X-Key": "k"}, auth=("u", "p"), timeout=5)
b = requests.post(base + "/b", json={"ä": 1}, timeout=(3, 9)).json()
c = requests.put(base + "/c", data={"f": "ä"}).json()
d = requests.post(base + "/d", data=iter([b"1", b"2"])).json()["body"]
e = requests.get(base + "/status/404")
f = requests.head(base + "/text")
with requests.get(base + "/bytes", stream=True) as response:
    g = list(b"".join(response.iter_content(2)))
return [a.status_code, a.ok, a.json(), b, c["body"], d, e.status_code, e.reason, f.headers["Content-Type"], g, a.url, "content-encoding" in a.headers]`;
    expect(await resultOf(body, "requests")).toEqual([
      ...[200, true, { ...echo, url: "/a?x=1&q=a+b&n=1&n=2", key: "k", authorization: "Basic dTpw" }],
      { ...echo, method: "POST", url: "/b", body: String.raw`{"\u00e4": 1}`, type: "application/json" },
      ...["f=%C3%A4", "12", 404, "Not Found", "text/plain", [255, 254, 0], `${base}/a?x=1&q=a+b&n=1&n=2`, false],
    ]);
  });

  test("a session keeps its headers, cookies and connections; redirects lead to another host, without the key", async () => {
    const body = `
with requests.Session() as session:
    session.headers["X-Key"] = "k"
    session.mount("https://", requests.adapters.HTTPAdapter(max_retries=2))
    first = session.get(base + "/one")
    second = session.get(base + "/two").json()
    hop = session.get(base + "/hop", auth=("u", "p"))
    stay = session.get(base + "/hop", allow_redirects=False)
return [dict(first.cookies), second["cookie"], second["key"], hop.json()["url"], hop.json()["authorization"], len(hop.history), stay.status_code]`;
    const expected = [{ a: "1", b: "2" }, "a=1; b=2", "k", "/echo?from=hop", null, 1, 302];
    expect(await resultOf(body, "requests, requests.adapters")).toEqual(expected);
  });

  test("errors are those of requests, and uncaught they are the broker's word or the upstream's", async () => {
    const caught = `
found = []
for call in (lambda: requests.get("https://elsewhere.test/"), lambda: requests.get(base + "/silent", timeout=0.3),
             lambda: requests.get(base + "/status/503").raise_for_status(), lambda: requests.get(base + "/text").json()):
    try:
        call()
    except requests.exceptions.RequestException as error:
        found.append(type(error).__name__)
return found`;
    const names = ["ConnectionError", "ReadTimeout", "HTTPError", "JSONDecodeError"];
    expect(await resultOf(caught, "requests")).toEqual(names);
    expect(await problemOf(`requests.get("https://elsewhere.test/")`, "requests")).toMatchObject(denied);
    const timeout = { code: "TIMEOUT", host: `up.test:${server.port}` };
    expect(await problemOf(`requests.get(base + "/silent", timeout=0.3)`, "requests")).toMatchObject(timeout);
    expect(await problemOf(`requests.get(base + "/text").json()`, "requests")).toMatchObject({ code: "BAD_RESPONSE" });
    const raise = (status: number) =>
      problemOf(`requests.get(base + "/status/${status}").raise_for_status()`, "requests");
    expect(await raise(401)).toMatchObject({ code: "UNAUTHORIZED", status: 401 });
    expect(await raise(429)).toMatchObject({ code: "RATE_LIMITED", retryAfterMs: 7000 });
    expect(await raise(503)).toMatchObject({ code: "UPSTREAM_ERROR", status: 503 });
    const own = `try:\n    requests.get("https://elsewhere.test/")\nexcept requests.ConnectionError:\n    raise ValueError("mine")`;
    expect(await problemOf(own, "requests")).toMatchObject({ code: "SOURCE_ERROR", message: "ValueError: mine" });
  });

  test("threads share a session", async () => {
    const body = `
with requests.Session() as session, ThreadPoolExecutor(4) as pool:
    return list(pool.map(lambda n: session.get(base + "/%d" % n).json()["url"], range(8)))`;
    const urls = Array.from({ length: 8 }, (_, n) => `/${n}`);
    expect(await resultOf(body, "requests\nfrom concurrent.futures import ThreadPoolExecutor")).toEqual(urls);
  });

  test("urllib3 by itself", async () => {
    const body = `
pool = urllib3.PoolManager()
response = pool.request("POST", base + "/x", fields={"a": "1"}, encode_multipart=False, redirect=False)
return [response.status, json.loads(response.data)["body"]]`;
    expect(await resultOf(body, "json, urllib3")).toEqual([200, "a=1"]);
    const slow = `urllib3.PoolManager(retries=1).request("GET", base + "/silent", timeout=0.3)`;
    expect(await problemOf(slow, "urllib3")).toMatchObject({ code: "TIMEOUT" });
    expect(await problemOf(`urllib3.PoolManager().request("GET", "https://elsewhere.test/")`, "urllib3")).toMatchObject(
      denied,
    );
  });
});

describe("httpx", () => {
  test("params, headers, JSON, forms, clients, cookies, redirects and streams", async () => {
    const body = `
a = httpx.get(base + "/a", params={"q": "a b"}, headers={"X-Key": "k"}, auth=("u", "p"), timeout=5)
with httpx.Client(base_url=base, follow_redirects=True, transport=httpx.HTTPTransport(retries=1)) as client:
    b = client.post("/b", json={"n": 1}).json()["body"]
    c = client.put("/c", data={"f": "ä"}).json()
    hop = client.get("/hop", auth=("u", "p"))
    with client.stream("GET", "/bytes") as response:
        d = list(b"".join(response.iter_bytes()))
    e = client.get("/status/404")
return [a.status_code, a.json(), json.loads(b), c["body"], "a=1" in c["cookie"], hop.json()["url"], hop.json()["authorization"],
        len(hop.history), d, e.status_code, e.reason_phrase, httpx.get(base + "/hop").status_code]`;
    expect(await resultOf(body, "httpx, json")).toEqual([
      ...[200, { ...echo, url: "/a?q=a+b", key: "k", authorization: "Basic dTpw" }, { n: 1 }, "f=%C3%A4", true],
      ...["/echo?from=hop", null, 1, [255, 254, 0], 404, "Not Found", 302],
    ]);
  });

  test("AsyncClient asks at the same time, and what is cancelled holds nothing up", async () => {
    const body = `
async def ask():
    async with httpx.AsyncClient() as client:
        try:
            await asyncio.wait_for(client.get(base + "/silent", timeout=10), 0.2)
        except asyncio.TimeoutError:
            late = True
        answers = await asyncio.gather(*(client.get(base + "/%d" % n) for n in range(6)))
        streamed = [part async for part in (await client.post(base + "/s", content=b"x")).aiter_lines()]
        return [late, [answer.json()["url"] for answer in answers], json.loads(streamed[0])["body"]]
return asyncio.run(ask())`;
    expect(await resultOf(body, "asyncio, httpx, json")).toEqual([true, ["/0", "/1", "/2", "/3", "/4", "/5"], "x"]);
  });

  test("errors are those of httpx, and uncaught they are the broker's word or the upstream's", async () => {
    const caught = `
found = []
for call in (lambda: httpx.get("https://elsewhere.test/"), lambda: httpx.get(base + "/silent", timeout=0.3),
             lambda: httpx.get(base + "/status/503").raise_for_status()):
    try:
        call()
    except httpx.HTTPError as error:
        found.append(type(error).__name__)
return found`;
    expect(await resultOf(caught, "httpx")).toEqual(["ConnectError", "ReadTimeout", "HTTPStatusError"]);
    expect(await problemOf(`httpx.get("https://elsewhere.test/")`, "httpx")).toMatchObject(denied);
    const slow = `async def ask():\n    async with httpx.AsyncClient(timeout=0.3) as client:\n        await client.get(base + "/silent")\nasyncio.run(ask())`;
    expect(await problemOf(slow, "asyncio, httpx")).toMatchObject({ code: "TIMEOUT" });
    const limit = `httpx.get(base + "/status/429").raise_for_status()`;
    expect(await problemOf(limit, "httpx")).toMatchObject({ code: "RATE_LIMITED", retryAfterMs: 7000 });
  });
});

test("where the libraries are not installed, importing them fails as it always does", async () => {
  const fence: Fence = await detectFence({ sandbox: "on" });
  const interpreter = { ...(await findInterpreter("/usr/bin/python3")), libraryFolders: [] };
  const executor = createPythonExecutor({ fence, interpreter });
  for (const library of ["requests", "httpx", "urllib3"]) {
    const unit = unitOf(source("return 1", `import ${library}`), library);
    expect(await executor.prepare(unit, new AbortController().signal)).toMatchObject([
      { severity: "error", message: `ModuleNotFoundError: No module named '${library}'` },
    ]);
  }
  await executor.close();
  fence.close();
});
