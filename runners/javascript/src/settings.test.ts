import { settingsSuite } from "../../common/conformance/settings/settings-suite.ts";

const source = (body: string): string => `export async function fetchData(indicator, context) { ${body} }`;

settingsSuite(
  new URL("./main.ts", import.meta.url),
  { name: "calm", code: source("return { data: indicator.data };"), ends: '{"data":"8.8.8.8"}' },
  [
    { name: "endless loop", code: source("for (;;);"), ends: "TIMEOUT", timeoutMs: 300 },
    {
      name: "array bomb",
      code: source("const a = []; for (;;) a.push(new Array(1e6).fill(1.5));"),
      ends: "SANDBOX_LIMIT",
    },
    {
      name: "what Node has",
      code: source("return { there: [typeof process, typeof require, await import('fs').catch(() => 'no')] };"),
      ends: '{"there":["undefined","undefined","no"]}',
    },
    {
      name: "a place of the machine itself",
      code: source("return fetch('http://169.254.169.254/').then(() => ({}));"),
      ends: "EGRESS_DENIED",
    },
  ],
);
