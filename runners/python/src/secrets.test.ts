import { detectFence } from "@assay/runner-common";
import { secretsSuite, type FillInTest } from "../../common/conformance/secrets-suite.ts";
import { createPythonExecutor } from "./executor.ts";
import { findInterpreter } from "./interpreter.ts";

const code = (imports: string, body: string): string => `
import ${imports}
own = "https://api.test"
def fetch_data(indicator, context):
    key = context.secrets.KEY
    ${body.trim().replaceAll("\n", "\n    ")}
    return {}
`;

const tests: readonly FillInTest[] = [
  {
    name: "by context.http",
    requests: 6,
    code: code(
      "base64",
      `
http = context.http
http.get(own + "/", query={"k": key})
http.get(own + "/p/" + key)
http.get(own, headers={"X-Key": key})
http.get(own, headers={"Authorization": "Basic " + base64.b64encode(("user:" + key).encode()).decode()})
http.post(own, json={"k": key})
http.post(own, form={"k": key, "n": 1})`,
    ),
  },
  {
    name: "by urllib",
    requests: 4,
    code: code(
      "json, urllib.parse, urllib.request",
      `
urllib.request.urlopen(urllib.request.Request(own + "/", headers={"X-Key": key})).read()
urllib.request.urlopen(own + "/?" + urllib.parse.urlencode({"k": key})).read()
urllib.request.urlopen(own + "/", data=urllib.parse.urlencode({"k": key, "n": 1}).encode()).read()
urllib.request.urlopen(own + "/", data=json.dumps({"k": key}).encode()).read()`,
    ),
  },
  {
    name: "by http.client",
    requests: 1,
    code: code(
      "http.client",
      `
connection = http.client.HTTPSConnection("api.test")
connection.request("GET", "/p/" + key, headers={"X-Key": key})
connection.getresponse().read()`,
    ),
  },
  {
    name: "by requests",
    requests: 5,
    code: code(
      "requests",
      `
requests.get(own, auth=("user", key))
requests.get(own, params={"k": key})
requests.post(own, data={"k": key})
requests.post(own, json={"k": key})
session = requests.Session()
session.headers["X-Key"] = key
session.get(own)`,
    ),
  },
  {
    name: "by httpx",
    requests: 4,
    code: code(
      "httpx",
      `
httpx.get(own, params={"k": key})
httpx.get(own, auth=("user", key))
httpx.post(own, json={"k": key})
httpx.post(own, data={"k": key}, headers={"X-Key": key})`,
    ),
  },
  {
    name: "in the older shape of a source",
    requests: 1,
    code: `
def fetch_data(data, kind, context):
    context.http.get("https://api.test/?k=" + context.secrets.KEY)
    return {}
`,
  },
  {
    name: "from a mapping that cannot be changed",
    requests: 1,
    code: code(
      "sys",
      `
secrets = context.secrets
assert list(secrets) == ["KEY", "OPEN"] and len(secrets) == 2 and dict(secrets)["KEY"] == key and "NONE" not in secrets
assert secrets.NONE is None and secrets["NONE"] is None and secrets.get("NONE", 1) == 1
assert secrets.OPEN == "0pen-S3cret_value"
try:
    secrets.KEY = "x"
    raise AssertionError
except AttributeError:
    pass
context.http.get(own + "/?k=" + secrets["KEY"])`,
    ),
  },
];

// Guarantee: a source in Python can use its secrets, and cannot get at them.
secretsSuite(
  "PYTHON",
  async () => {
    const fence = await detectFence({ sandbox: "on" });
    const interpreter = await findInterpreter("/usr/bin/python3");
    return { executor: createPythonExecutor({ fence, interpreter }), close: () => fence.close() };
  },
  tests,
);
