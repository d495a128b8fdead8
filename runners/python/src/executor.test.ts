import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { source } from "../../common/conformance/python-code.ts";
import { openHarness, unitOf, type Harness, type Run } from "./testing-sandbox.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness({ warmSourcesMax: 6, loadTimeoutMs: 3000 });
});
afterAll(async () => {
  await harness.close();
  expect(harness.processes()).toEqual([]);
});

async function resultOf(code: string, run: Partial<Run> = {}): Promise<unknown> {
  const outcome = await harness.run({ code, ...run });
  if (outcome.kind !== "returned") throw new Error(JSON.stringify(outcome));
  return JSON.parse(outcome.json);
}

async function problemOf(code: string, run: Partial<Run> = {}): Promise<unknown> {
  const outcome = await harness.run({ code, ...run });
  return outcome.kind === "failed" ? outcome.problem : outcome;
}

/** A broker that remembers what it was asked and answers from a table of URLs. */
function broker(answers: Record<string, object>) {
  const asked: Record<string, unknown>[] = [];
  const onEgress = (json: string): Promise<string> => {
    const message = JSON.parse(json) as Record<string, unknown>;
    asked.push(message);
    const ok = { ok: true, status: 200, statusText: "OK", url: message["url"], redirected: false, headers: [] };
    return Promise.resolve(JSON.stringify({ ...ok, ...answers[String(message["url"] ?? message["name"])] }));
  };
  return { asked, onEgress };
}

describe("what a source is given", () => {
  test("the indicator, its settings, the deadline; by either shape of fetch_data, also asynchronous", async () => {
    const body = "return [indicator.data, indicator.kind, context.config, context.deadline > time.time()]";
    const config = { days: 90 };
    expect(await resultOf(source(body, "import time"), { config })).toEqual(["8.8.8.8", "IPV4", config, true]);
    expect(await resultOf("def fetch_data(data, kind):\n    return [data, kind]")).toEqual(["8.8.8.8", "IPV4"]);
    const asynchronous =
      "import asyncio\nasync def fetch_data(indicator, context):\n    await asyncio.sleep(0)\n    return indicator.kind";
    expect(await resultOf(asynchronous)).toBe("IPV4");
  });

  test("print, standard error and context.log, in order and with their level", async () => {
    const lines: unknown[] = [];
    const body = `print("one", 2)\nsys.stderr.write("three\\nfour")\ncontext.log.debug("five")\ncontext.log.error("six\\nseven")\nreturn 1`;
    await resultOf(source(body, `import sys\nprint("zero")`), { onLog: (level, text) => lines.push([level, text]) });
    expect(lines).toEqual([
      ...[
        ["info", "zero"],
        ["info", "one 2"],
        ["warn", "three"],
        ["debug", "five"],
      ],
      ...[
        ["error", "six"],
        ["error", "seven"],
        ["warn", "four"],
      ],
    ]);
  });

  test("nothing of an earlier call: no variable, no module, no random number", async () => {
    const code = source(
      `seen.append(1)
sys.modules["left_behind"] = sys
return [len(seen), "left_behind" in sys.modules and len(seen) > 1, random.random()]`,
      "import random, sys\nseen = []",
    );
    const first = (await resultOf(code)) as unknown[];
    const second = (await resultOf(code)) as unknown[];
    expect([first.slice(0, 2), second.slice(0, 2)]).toEqual([
      [1, false],
      [1, false],
    ]);
    expect(second[2]).not.toBe(first[2]);
  });
});

describe("verdicts of a source", () => {
  test("not found, rate limited and unauthorized are said by calls, and `except Exception` does not swallow them", async () => {
    const saying = (call: string) => source(`try:\n    context.${call}\nexcept Exception:\n    return "swallowed"`);
    expect(await harness.run({ code: saying("not_found()") })).toEqual({ kind: "notFound" });
    expect(await problemOf(saying("rate_limited(1500)"))).toMatchObject({ code: "RATE_LIMITED", retryAfterMs: 1500 });
    expect(await problemOf(saying("unauthorized()"))).toMatchObject({ code: "UNAUTHORIZED" });
  });

  test("an answer of the wrong shape is said by a call, returned or raised, and not by a text", async () => {
    for (const word of ["", "return ", "raise "]) {
      const code = source(`try: ${word}context.bad_response("no ports")\nexcept Exception: return "swallowed"`);
      expect(await problemOf(code)).toEqual({ code: "BAD_RESPONSE", message: "no ports", line: 3 });
    }
    const forged = source(`raise type("BadResponse", (ValueError,), {})('{"what":"badResponse","message":"no"}')`);
    expect(await problemOf(forged)).toMatchObject({ code: "SOURCE_ERROR" });
  });

  test("processor time has a limit of its own, while a source is loaded and when it is called", async () => {
    const tight = await openHarness({ cpuSecondsMax: 1, loadTimeoutMs: 60_000 });
    const limit = { code: "SANDBOX_LIMIT", limit: "cpu" };
    const run = tight.run({ code: source("while True: pass"), timeoutMs: 60_000 });
    const loading = tight.executor.prepare(unitOf("while True: pass", "loading"), new AbortController().signal);
    expect(await run).toMatchObject({ kind: "failed", problem: limit });
    expect(await loading).toMatchObject([{ message: expect.stringContaining("1 s of processor") }]);
    await tight.close();
  });

  test("what the sandbox forbids says what to use instead", async () => {
    const connect = source(`socket.create_connection(("example.com", 443))`, "import socket");
    const message = expect.stringContaining("use context.http");
    expect(await problemOf(connect)).toMatchObject({ code: "SOURCE_ERROR", message, line: 3 });
  });

  test("an error names its kind, its text and the author's line", async () => {
    const code = source(
      "return parse(indicator.data)",
      "import json\ndef parse(text):\n    return json.loads(text)['a']",
    );
    expect(await problemOf(code)).toMatchObject({
      code: "SOURCE_ERROR",
      message: expect.stringMatching(/^JSONDecodeError: Extra data/),
      line: 3,
    });
  });
});

describe("requests", () => {
  const answer = {
    headers: [
      ["Content-Type", "application/json"],
      ["X-A", "1"],
    ],
    bodyText: `{"a": "ä"}`,
  };

  test("context.http sends query, headers, JSON and forms, and reads status, headers, text, JSON and bytes", async () => {
    const { asked, onEgress } = broker({
      "https://a.example/x?q=a+b&n=1": answer,
      "https://a.example/post": { status: 404, bodyBase64: Buffer.from([0xe4, 0xff]).toString("base64") },
    });
    const body = `
a = context.http.get("https://a.example/x", query={"q": "a b", "n": 1, "none": None}, headers={"Key": "k"})
b = context.http.post("https://a.example/post", json={"x": [1]}, timeout_ms=1500)
c = context.http.request("put", "https://a.example/post", form={"f": "ä"}, redirect="manual")
d = context.http.post("https://a.example/post", body=b"\\xff")
return [a.status, a.ok, a.headers["x-a"], a.text, a.json(), b.status, b.ok, list(b.content), c.text]`;
    expect(await resultOf(source(body), { onEgress })).toEqual([
      ...[200, true, "1", `{"a": "ä"}`, { a: "ä" }],
      ...[404, false, [0xe4, 0xff], "\ufffd\ufffd"],
    ]);
    expect(asked).toEqual([
      { op: "http", method: "GET", url: "https://a.example/x?q=a+b&n=1", headers: [["Key", "k"]], redirect: "follow" },
      { ...asked[1], headers: [["content-type", "application/json"]], bodyText: `{"x": [1]}`, timeoutMs: 1500 },
      { ...asked[2], method: "PUT", bodyText: "f=%C3%A4", redirect: "manual" },
      { ...asked[3], bodyBase64: "/w==" },
    ]);
  });

  test("urllib.request and http.client work as they are, redirects, bodies and errors included", async () => {
    const { asked, onEgress } = broker({
      "https://a.example/start": { status: 302, headers: [["Location", "https://b.example:8443/end?x=1"]] },
      "https://b.example:8443/end?x=1": answer,
      "http://c.example/form": { bodyText: "posted" },
      "https://d.example/": { status: 404, statusText: "Not Found", bodyText: "gone" },
    });
    const body = `
with urllib.request.urlopen("https://a.example/start", timeout=3) as response:
    a = [response.status, response.headers["x-a"], json.load(response), response.url]
b = urllib.request.urlopen(urllib.request.Request("http://c.example/form", data=b"x=1", headers={"Key": "k"})).read().decode()
try:
    urllib.request.urlopen("https://d.example/")
except urllib.error.HTTPError as error:
    c = [error.code, error.read().decode()]
connection = http.client.HTTPSConnection("a.example")
connection.request("POST", "/start", body=iter([b"1", b"2"]), headers={"Host": "elsewhere.example"})
d = connection.getresponse()
e = [d.status, d.read().decode()]
connection.request("GET", "/start")
return [a, b, c, e, connection.getresponse().status]`;
    expect(
      await resultOf(source(body, "import http.client, json, urllib.error, urllib.request"), { onEgress }),
    ).toEqual([...[[200, "1", { a: "ä" }, "https://b.example:8443/end?x=1"], "posted", [404, "gone"], [302, ""], 302]]);
    expect(asked[0]).toMatchObject({ method: "GET", redirect: "manual", timeoutMs: 3000 });
    expect(asked[2]).toMatchObject({
      method: "POST",
      bodyText: "x=1",
      headers: expect.arrayContaining([["Key", "k"]]),
    });
    expect(asked[4]).toMatchObject({ url: "https://a.example/start", bodyText: "12", headers: [] });
  });

  test("threads make requests at the same time, and each gets its own answer", async () => {
    const waiting: (() => void)[] = [];
    const onEgress = (json: string): Promise<string> => {
      const { url } = JSON.parse(json) as { url: string };
      const reply = {
        ok: true,
        status: 200,
        statusText: "",
        url,
        redirected: false,
        headers: [],
        bodyText: url.slice(-1),
      };
      // All are answered when the last has been asked, in reverse.
      return new Promise((resolve) => {
        waiting.unshift(() => resolve(JSON.stringify(reply)));
        if (waiting.length === 5) for (const answer of waiting) answer();
      });
    };
    const body = `with ThreadPoolExecutor(5) as pool:
    return list(pool.map(lambda n: context.http.get("https://a.example/%d" % n).text, range(5)))`;
    expect(await resultOf(source(body, "from concurrent.futures import ThreadPoolExecutor"), { onEgress })).toEqual([
      "0",
      "1",
      "2",
      "3",
      "4",
    ]);
  });

  test("names are resolved by the broker", async () => {
    const { asked, onEgress } = broker({
      "example.com": { rcode: "NOERROR", records: [{ priority: 10, exchange: "mx" }] },
    });
    const body = `r = context.dns.resolve("example.com", "MX")\nreturn [r, r.rcode]`;
    expect(await resultOf(source(body), { onEgress })).toEqual([[{ priority: 10, exchange: "mx" }], "NOERROR"]);
    expect(asked).toEqual([{ op: "dns", name: "example.com", type: "MX" }]);
  });

  test.each([
    ["context.http", `context.http.get("https://example.com/")`],
    ["urllib", `urllib.request.urlopen("https://example.com/")`],
    ["http.client", `http.client.HTTPSConnection("example.com").request("GET", "/")`],
  ])("a refusal that nobody caught is the broker's word: %s", async (_, expression) => {
    const code = source(expression, "import http.client, urllib.request");
    for (const failure of ["EGRESS_DENIED", "TIMEOUT", "UPSTREAM_ERROR"]) {
      const reply = { ok: false, code: failure, message: "No.", host: "example.com" };
      const onEgress = () => Promise.resolve(JSON.stringify(reply));
      expect(await problemOf(code, { onEgress })).toEqual({ code: failure, message: "No.", host: "example.com" });
    }
  });

  test("a refusal can be caught, as a URLError, a TimeoutError or an OSError", async () => {
    const onEgress = () => Promise.resolve(JSON.stringify({ ok: false, code: "TIMEOUT", message: "Too slow." }));
    const body = `
try: urllib.request.urlopen("https://example.com/")
except urllib.error.URLError as error: a = str(error.reason)
try: context.http.get("https://example.com/")
except TimeoutError as error: return [a, str(error), error.code]`;
    expect(await resultOf(source(body, "import urllib.request"), { onEgress })).toEqual([
      "Too slow.",
      "Too slow.",
      "TIMEOUT",
    ]);
  });

  test.each([
    [401, "UNAUTHORIZED"],
    [403, "FORBIDDEN"],
    [429, "RATE_LIMITED"],
    [503, "UPSTREAM_ERROR"],
  ])("status %i that nobody handled is %s", async (status, code) => {
    const onEgress = () =>
      Promise.resolve(JSON.stringify({ ok: true, status, url: "", headers: [["retry-after", "7"]] }));
    const expected = { code, status, ...(status === 429 && { retryAfterMs: 7000 }) };
    expect(await problemOf(source(`context.http.get("https://a.example")`), { onEgress })).toMatchObject(expected);
    const handled = `return context.http.get("https://a.example", raise_on_status=False).status`;
    expect(await resultOf(source(handled), { onEgress })).toBe(status);
    const urllib = source(`urllib.request.urlopen("https://a.example")`, "import urllib.request");
    expect(await problemOf(urllib, { onEgress })).toMatchObject(expected);
  });

  test("an upstream's answer that is not JSON is a bad response", async () => {
    const { onEgress } = broker({ "https://a.example/x?k=1": { bodyText: "<html>" } });
    const problem = {
      code: "BAD_RESPONSE",
      message: expect.stringMatching(/^The answer of https:\/\/a.example\/x is not JSON/),
      line: 3,
    };
    expect(
      await problemOf(source(`return context.http.get("https://a.example/x?k=1").json()`), { onEgress }),
    ).toMatchObject(problem);
  });

  test("none while the source is loaded", async () => {
    const code = `import urllib.request\nurllib.request.urlopen("https://a.example")\ndef fetch_data(i, c): return 1`;
    expect(await problemOf(code)).toMatchObject({
      code: "SOURCE_ERROR",
      message: expect.stringContaining("only inside fetch_data"),
      line: 2,
    });
  });
});

describe("diagnostics", () => {
  const prepare = (code: string) => harness.executor.prepare(unitOf(code, "check"), new AbortController().signal);

  test("are empty for a source that works", async () => {
    expect(await prepare("def fetch_data(indicator, context): return 1")).toEqual([]);
  });

  test("name line and column of what does not compile, and the reason of what does not load", async () => {
    expect(await prepare("x = 1\ndef f(:\n    pass")).toMatchObject([{ severity: "error", line: 2, column: 7 }]);
    expect(await prepare("import os\nimport no_such_module")).toMatchObject([
      { severity: "error", message: "ModuleNotFoundError: No module named 'no_such_module'", line: 2 },
    ]);
    expect(await prepare("x = 1")).toMatchObject([
      { severity: "error", message: expect.stringContaining("fetch_data") },
    ]);
    expect(await prepare(`x = "\\d"\ndef fetch_data(i, c): return 1`)).toMatchObject([
      { severity: "warning", line: 1 },
    ]);
  });

  test("a source that never finishes loading is given up, and so is a call of it", async () => {
    const code = "import time\ntime.sleep(1000)";
    expect(await prepare(code)).toMatchObject([{ message: expect.stringContaining("longer than 3 s") }]);
    expect(await problemOf(code)).toMatchObject({ code: "TIMEOUT", message: expect.stringContaining("Loading") });
  });
});

describe("many calls", () => {
  test("of one source are all answered, each its own", async () => {
    const code = source("return context.config");
    const configs = Array.from({ length: 60 }, (_, n) => ({ n }));
    expect(await Promise.all(configs.map((config) => resultOf(code, { config, timeoutMs: 10_000 })))).toEqual(configs);
  });

  test("of more sources than are kept warm are answered, and no more stay warm than that", async () => {
    const ids = Array.from({ length: 12 }, (_, n) => `source-${n}`);
    const results = ids.map((sourceId) => resultOf(source("return 1"), { sourceId, timeoutMs: 20_000 }));
    expect(await Promise.all(results)).toEqual(ids.map(() => 1));
    await vi.waitFor(() => expect(harness.sandboxes().length).toBeLessThanOrEqual(6), { timeout: 20_000 });
  });

  test("a new version takes over while calls of the old one end", async () => {
    const slow = harness.run({ code: source("time.sleep(0.2)\nreturn 'old'", "import time"), sourceId: "versions" });
    expect(await resultOf(source("return 'new'"), { sourceId: "versions" })).toBe("new");
    expect(await slow).toEqual({ kind: "returned", json: `"old"` });
  });

  test("a cancelled call ends at once and leaves room for the next", async () => {
    const abort = new AbortController();
    const begun = Promise.withResolvers<void>();
    const code = source("print('begun')\nwhile context.config: pass\nreturn 'next'");
    const run = harness.run({
      code,
      config: { loop: 1 },
      timeoutMs: 60_000,
      signal: abort.signal,
      onLog: () => begun.resolve(),
    });
    await begun.promise;
    abort.abort();
    expect(await run).toMatchObject({ kind: "failed", problem: { code: "CANCELLED" } });
    expect(await resultOf(code)).toBe("next");
    expect(await harness.run({ code, signal: AbortSignal.abort() })).toMatchObject({ problem: { code: "CANCELLED" } });
  });

  test("an innocent call whose sandbox is killed is run again; one that always loses its sandbox is not tried for ever", async () => {
    const killSandboxes = () => {
      for (const pid of harness.sandboxes()) process.kill(pid, "SIGKILL");
    };
    const code = source(`return context.http.get("https://a.example").status`);
    let kills = 1;
    const onEgress = (): Promise<string> => {
      if (kills-- <= 0) return Promise.resolve(JSON.stringify({ ok: true, status: 200, url: "", headers: [] }));
      killSandboxes();
      return new Promise(() => {});
    };
    expect(await resultOf(code, { onEgress, timeoutMs: 10_000 })).toBe(200);
    kills = 10;
    expect(await problemOf(code, { onEgress, timeoutMs: 10_000 })).toMatchObject({ code: "SOURCE_ERROR" });
  });

  test("a spare child that works instead of waiting is not kept", async () => {
    const code = `import threading\ndef loop():\n    while True: pass\nthreading.Thread(target=loop).start()\ndef fetch_data(i, c): return 1`;
    const others = harness.sandboxes();
    expect(await harness.executor.prepare(unitOf(code, "busy"), new AbortController().signal)).toEqual([]);
    const sandbox = harness.sandboxes().find((pid) => !others.includes(pid));
    // The interpreter alone is left; the next call gets a child of its own.
    await vi.waitFor(() => expect(harness.processes(sandbox)).toHaveLength(1), { timeout: 20_000 });
    expect(await resultOf(code, { sourceId: "busy" })).toBe(1);
  });

  test("an endless loop costs its own source time, and nobody else an answer", async () => {
    const loops = Array.from({ length: 8 }, () =>
      problemOf(source("while True: pass"), { sourceId: "loops", timeoutMs: 500 }),
    );
    const others = Array.from({ length: 10 }, () =>
      resultOf(source("return 1"), { sourceId: "other", timeoutMs: 10_000 }),
    );
    expect(await Promise.all(others)).toEqual(others.map(() => 1));
    for (const problem of await Promise.all(loops)) expect(problem).toMatchObject({ code: "TIMEOUT" });
  });
});
