import type { CaseSetUp, ConformanceCase } from "./conformance-case.ts";
import { byEveryWay, inBoth } from "./egress-probe.ts";
import { answering } from "./endings.ts";
import type { Upstream } from "./upstream.ts";

const nothingReached = { reached: [] };
const urls = (...list: string[]) => list.map((url) => ({ url }));

/** A source that may reach these hosts; none of its attempts may arrive anywhere. */
const reachingNobody =
  (hosts: readonly string[]) =>
  ({ internet }: Upstream): CaseSetUp => {
    internet.takeRequests();
    const intrusions = internet.canary.connections();
    return {
      hosts: hosts.map((host) => host.replace("PORT", String(internet.canary.port))),
      config: { port: internet.canary.port },
      finish: async () => [
        ...internet.takeRequests().map(({ url }) => `a request arrived: ${url}`),
        ...(internet.canary.connections() > intrusions ? ["the loopback server was connected to"] : []),
      ],
    };
  };

/** Libraries may strip what is odd in a URL; what counts is who is asked. */
function reachingOnlyUp({ internet }: Upstream): CaseSetUp {
  internet.takeRequests();
  return {
    hosts: ["up.test"],
    config: { port: internet.canary.port },
    finish: async () =>
      internet
        .takeRequests()
        .filter(({ headers }) => headers.host !== "up.test")
        .map(({ headers, url }) => `a request for ${headers.host}${url} arrived`),
  };
}

const loopbacks = [
  ...[
    "localhost",
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "2130706433",
    "017700000001",
    "①②⑦.⓪.⓪.①",
    "127.0.0.1.",
    "0.0.0.0",
    "0",
  ],
  ...["[::1]", "[::]", "[::ffff:127.0.0.1]", "[::7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"],
];

/** E01 to E05, E11: where requests may go. */
export const placeCases: readonly ConformanceCase[] = [
  ...byEveryWay({
    id: "E01",
    name: "metadata services of clouds, by address and by name, named among its hosts",
    tries: urls(
      "http://169.254.169.254/latest/meta-data/",
      "http://[::ffff:169.254.169.254]/",
      "http://[fd00:ec2::254]/",
      "http://168.63.129.16/",
      "http://100.100.100.200/",
      "http://metadata.google.internal/computeMetadata/v1/",
      "http://metadata/",
      "http://metadata-a.test/",
    ),
    ...answering(nothingReached, "refused, nothing is sent", "address policy of the egress broker"),
    timeoutMs: 15_000,
    setUp: reachingNobody([
      "*",
      "169.254.169.254",
      "168.63.129.16",
      "100.100.100.200",
      "metadata.google.internal",
      "metadata-a.test",
    ]),
  }),
  ...byEveryWay({
    id: "E02",
    name: "this machine in every spelling, named among its hosts with the port of a real server",
    tries: urls(...loopbacks.map((host) => `http://${host}:PORT/`)),
    ...answering(nothingReached, "refused, nothing is sent", "address policy of the egress broker"),
    timeoutMs: 15_000,
    setUp: reachingNobody([
      "*",
      "localhost:PORT",
      "127.0.0.1:PORT",
      "0.0.0.0:PORT",
      "[::1]:PORT",
      "[::]:PORT",
      "[::ffff:7f00:1]:PORT",
    ]),
  }),
  ...byEveryWay({
    id: "E03",
    name: "names that lead to private addresses: A, AAAA, one among public ones, mapped, NAT64",
    tries: urls(
      ...["private-a", "private-aaaa", "mixed", "mixed-families", "mapped", "nat64"].map(
        (name) => `http://${name}.test/`,
      ),
      "http://loopback.test:PORT/",
    ),
    ...answering(
      nothingReached,
      "refused, nothing is sent",
      "every resolved address is checked, the checked one is connected to",
    ),
    timeoutMs: 15_000,
    setUp: reachingNobody(["*", "*.test", "loopback.test:PORT"]),
  }),
  ...byEveryWay({
    id: "E05",
    name: "URLs that look allowed: user names, prefixes, fragments, homographs, backslashes, other schemes",
    tries: urls(
      "http://up.test@else.test/",
      "http://user:pass@up.test/",
      "http://up.test.else.test/",
      "http://notup.test/",
      "http://else.test#up.test/",
      "http://else.test?up.test/",
      "http://else.test\\@up.test/",
      "http://up.test:22/",
      "http://up.test:80@else.test/",
      "http://up.test../",
      "http://uр.test/",
      "file:///etc/passwd",
      "gopher://up.test/",
      "ftp://up.test/",
      "//up.test/",
    ),
    ...answering(undefined, "decided on the parsed host: nobody else is reached", "allowed hosts of the manifest"),
    timeoutMs: 15_000,
    setUp: reachingOnlyUp,
  }),
  ...byEveryWay({
    id: "E11",
    name: "ports of other services on an allowed host, and a web port of one that is not allowed",
    tries: urls(
      ...[22, 25, 5432, 6379, 8080].map((port) => `http://up.test:${port}/`),
      "https://up.test:80/",
      "http://else.test/",
    ),
    ...answering(
      nothingReached,
      "refused, nothing is sent",
      "ports of the manifest's hosts; 80 and 443 unless it names others",
    ),
    timeoutMs: 15_000,
    setUp: reachingNobody(["up.test"]),
  }),
  inBoth({
    id: "E11e",
    name: "tells a closed port from one that never answers by the error",
    javascript: `
      const words = await Promise.all(["closed", "silent"].map((name) =>
        fetch("https://" + name + ".test/").catch((error) => String(error.message).replaceAll(name, "x"))));
      return { isSame: words[0] === words[1], isText: typeof words[0] === "string" };`,
    before: "import urllib.request",
    python: `
def words(name):
    try:
        return urllib.request.urlopen("https://%s.test/" % name).status
    except Exception as error:
        return str(error).replace(name, "x")
found = [words("closed"), words("silent")]
return {"isSame": found[0] == found[1], "isText": isinstance(found[0], str)}`,
    ...answering({ isSame: true, isText: true }, "both read the same", "one error for all failures to connect"),
    timeoutMs: 15_000,
    setUp: () => ({ hosts: ["closed.test", "silent.test"] }),
  }),
  ...byEveryWay({
    id: "E04",
    name: "redirects inside, to hosts and ports that are not allowed, to other schemes, in a circle",
    tries: urls(
      ...["metadata", "loopback", "mapped", "private-name", "unlisted", "port", "file", "gopher"].map(
        (place) => `http://up.test/to-${place}`,
      ),
      "http://up.test/loop",
    ),
    ...answering(
      { reached: [] },
      "the first answer is had, the redirect is refused",
      "every check again on each hop; three at the most",
    ),
    timeoutMs: 15_000,
    setUp: () => ({ hosts: ["up.test"] }),
  }).filter(({ id }) => id !== "E04b"),
  inBoth({
    id: "E04e",
    name: "a redirect that would carry its keys to another allowed host",
    javascript: `
      const response = await fetch("http://up.test/to-other", { headers: { authorization: "Bearer k", "x-api-key": "k", cookie: "k=1" } });
      const { headers } = await response.json();
      return { carried: headers.filter((name) => /auth|key|cookie/.test(name)) };`,
    python: `
response = context.http.get("http://up.test/to-other", headers={"Authorization": "Bearer k", "X-Api-Key": "k", "Cookie": "k=1"})
return {"carried": [name for name in response.json()["headers"] if "auth" in name or "key" in name or "cookie" in name]}`,
    ...answering({ carried: [] }, "followed without them", "only headers known to be harmless go to another origin"),
    timeoutMs: 15_000,
    setUp: () => ({ hosts: ["up.test", "else.test"] }),
  }),
];
