import { detectFence } from "@assay/runner-common";
import { secretsSuite, type FillInTest } from "../../common/conformance/secrets-suite.ts";
import { createJavascriptExecutor } from "./executor.ts";

const code = (body: string): string => `
const own = "https://api.test";
export async function fetchData(indicator, context) {
  const { http, secrets } = context;
  ${body}
}`;

const tests: readonly FillInTest[] = [
  {
    name: "by context.http",
    requests: 6,
    code: code(`
  await http.get(own + "/", { query: { k: secrets.KEY } });
  await http.get(own + "/p/" + secrets.KEY);
  await http.get(own, { headers: { "X-Key": secrets.KEY } });
  await http.get(own, { headers: { Authorization: "Basic " + btoa("user:" + secrets["KEY"]) } });
  await http.post(own, { json: { k: secrets.KEY } });
  await http.post(own, { form: { k: secrets.KEY, n: 1 } });
  return {};`),
  },
  {
    name: "by fetch",
    requests: 5,
    code: code(`
  const url = new URL(own);
  url.searchParams.set("k", secrets.KEY);
  await fetch(url);
  await fetch(new Request(own, { headers: new Headers([["X-Key", secrets.KEY]]) }));
  await fetch(own, { method: "POST", body: new URLSearchParams({ k: secrets.KEY }) });
  await fetch(own, { method: "POST", body: JSON.stringify({ k: secrets.KEY }) });
  await fetch(own, { method: "POST", body: new TextEncoder().encode("a=1&k=" + secrets.KEY),
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" } });
  return {};`),
  },
  {
    name: "in the older shape of a source",
    requests: 1,
    code: `export async function fetchData(data, kind, context) {
  await fetch("https://api.test/?k=" + context.secrets.KEY);
  return {};
}`,
  },
  {
    name: "from an object that cannot be changed and has nothing else",
    requests: 1,
    code: code(`
  "use strict";
  const names = Object.keys(secrets).join() + typeof secrets.NONE + typeof secrets.toString + Object.isFrozen(secrets);
  if (names !== "KEY,OPENundefinedundefinedtrue") throw new Error(names);
  if (secrets.OPEN !== "0pen-S3cret_value") throw new Error("not exposed");
  await fetch(own + "/?k=" + secrets.KEY);
  return {};`),
  },
];

// Guarantee: a source in JavaScript can use its secrets, and cannot get at them.
secretsSuite(
  "JAVASCRIPT",
  async () => {
    const fence = await detectFence({ sandbox: "on" });
    return { executor: await createJavascriptExecutor({ fence, processes: 1 }), close: () => fence.close() };
  },
  tests,
);
