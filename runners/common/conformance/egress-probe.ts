import type { ConformanceCase } from "./conformance-case.ts";
import type { Ending } from "./endings.ts";
import { toCase as toJavascriptCase } from "./javascript-row.ts";
import { source, toCase as toPythonCase } from "./python-code.ts";

/** One request that a hostile source tries. PORT in the URL becomes the canary's port. */
export interface Try {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The ways out that the languages offer: an expression that makes `url`, `method`, `headers` into a status. */
const javascriptWays = {
  context: "(await context.http.request(method, url, { headers })).status",
  fetch: "(await fetch(url, { method, headers })).status",
} as const;

const pythonWays = {
  context: ["context.http.request(method, url, headers=headers).status", ""],
  urllib: [
    "urllib.request.urlopen(urllib.request.Request(url, headers=headers, method=method)).status",
    "import urllib.request",
  ],
  "http.client": [
    "http_client(url, method, headers)",
    `import http.client, urllib.parse
def http_client(url, method, headers):
    parts = urllib.parse.urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc)
    connection.request(method, (parts.path or "/") + ("?" + parts.query if parts.query else ""), headers=headers)
    return connection.getresponse().status`,
  ],
  requests: ["requests.request(method, url, headers=headers).status_code", "import requests"],
  httpx: ["httpx.request(method, url, headers=headers, follow_redirects=True).status_code", "import httpx"],
} as const;

type Way = {
  readonly letter: string;
  readonly javascript?: keyof typeof javascriptWays;
  readonly python?: keyof typeof pythonWays;
};

/** All ways, two languages at a time where both have one of the kind. */
const ways: readonly Way[] = [
  { letter: "", javascript: "context", python: "context" },
  { letter: "a", javascript: "fetch", python: "urllib" },
  { letter: "b", python: "http.client" },
  { letter: "c", python: "requests" },
  { letter: "d", python: "httpx" },
];

const withDefaults = (tries: readonly Try[]) =>
  JSON.stringify(tries.map(({ url, method = "GET", headers = {} }) => ({ url, method, headers })));

/** A source that makes every try and returns those that had an answer, with their statuses. */
const javascriptProbe = (tries: readonly Try[], way: keyof typeof javascriptWays): string => `
  const reached = [];
  for (const { url: text, method, headers } of ${withDefaults(tries)}) {
    const url = text.replace("PORT", context.config.port ?? "");
    try { reached.push([text, ${javascriptWays[way]}]); } catch {}
  }
  return { reached };`;

function pythonProbe(tries: readonly Try[], way: keyof typeof pythonWays): string {
  const [expression, before] = pythonWays[way];
  return source(
    `
reached = []
for each in json.loads(${JSON.stringify(withDefaults(tries))}):
    url, method, headers = each["url"].replace("PORT", str(context.config.get("port", ""))), each["method"], each["headers"]
    try:
        reached.append([each["url"], ${expression}])
    except Exception:
        pass
return {"reached": reached}`,
    `import json\n${before}`,
  );
}

/** The same tries by every way out of both languages: a case for each. */
export function byEveryWay(
  row: Pick<ConformanceCase, "id" | "name" | "setUp"> & { readonly tries: readonly Try[] } & Ending,
): ConformanceCase[] {
  const { tries, ...rest } = row;
  return ways.map(({ letter, javascript, python }) => {
    const own = javascript === python ? "" : ` (${[javascript, python].filter(Boolean).join(", ")})`;
    const common = { ...rest, id: `${row.id}${letter}`, name: `${row.name}${own}` };
    return {
      ...common,
      code: {
        ...(javascript && toJavascriptCase({ ...common, attack: javascriptProbe(tries, javascript) }).code),
        ...(python && toPythonCase({ ...common, code: pythonProbe(tries, python) }).code),
      },
    };
  });
}

/** One case for both languages, or one, whose hostile statements are written out. */
export function inBoth(
  row: Omit<ConformanceCase, "code"> & {
    readonly javascript?: string;
    readonly python?: string;
    readonly before?: string;
  },
): ConformanceCase {
  const { javascript, python, before = "", ...common } = row;
  return {
    ...common,
    code: {
      ...(javascript !== undefined && toJavascriptCase({ ...common, attack: javascript }).code),
      ...(python !== undefined && toPythonCase({ ...common, code: source(python, before) }).code),
    },
  };
}
