import type { Answer, SecretValue } from "@assay/proto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Executor } from "../src/executor.ts";
import { secretCases, secretHosts } from "./egress-secrets.ts";
import { openConformanceRunner, sourceOf, type ConformanceRunner } from "./harness.ts";
import { openSecretsUpstream, type SecretsUpstream } from "./secrets-upstream.ts";

/** A test of how clients of a language send secrets: the body of fetchData or fetch_data, and what came out of it. */
export interface FillInTest {
  readonly name: string;
  /** The whole code. It sends KEY in any of: header X-Key, credentials of `user`, query k, path, form or JSON body. */
  readonly code: string;
  /** How many requests it makes. */
  readonly requests: number;
}

const value = `S3cr3t/+ "key"\\%41é`;
const open = "0pen-S3cret_value";
const secrets: readonly SecretValue[] = [
  { name: "KEY", value, hosts: [secretHosts.own], exposed: false },
  { name: "OPEN", value: open, hosts: [secretHosts.own], exposed: true },
];
const sourceHosts = [secretHosts.own, secretHosts.other, `*.${secretHosts.own}`, "dns:*"];

/** A secret and what is as good as one. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const escaped = JSON.stringify(secret).slice(1, -1);
  const plain = [secret, encodeURIComponent(secret), escaped, bytes.toString("hex"), bytes.toString("base64")];
  const pair = Buffer.from(`user:${secret}`).toString("base64").replace(/=+$/, "");
  return [...plain, pair, new URLSearchParams({ k: secret }).toString().slice(2), JSON.stringify(escaped).slice(1, -1)];
}

const leaksIn = (text: string, ...held: string[]): string[] =>
  held.flatMap(formsOf).filter((form) => text.includes(form));

/** What the code has seen, which it gave as numbers. */
function seenInside(json: string): string {
  const result = JSON.parse(json === "" ? "{}" : json) as { codes?: number[]; more?: number[] };
  return [result.codes ?? [], result.more ?? []].map((codes) => String.fromCodePoint(...codes)).join("\n");
}

/** Registers all tests of secrets for the runner of one language. */
export function secretsSuite(
  language: Executor["language"],
  openExecutor: () => Promise<{ readonly executor: Executor; readonly close: () => void }>,
  fillInTests: readonly FillInTest[],
): void {
  let upstream: SecretsUpstream;
  let runner: ConformanceRunner;
  let closeFence: () => void;

  beforeAll(async () => {
    upstream = await openSecretsUpstream();
    const { executor, close } = await openExecutor();
    closeFence = close;
    runner = await openConformanceRunner(executor, upstream.egress);
  });

  afterAll(async () => {
    await runner.close();
    closeFence();
    await upstream.close();
  });

  beforeEach(() => {
    upstream.seen.length = 0;
  });

  async function ask(
    code: string,
    more: { config?: object; secrets?: readonly SecretValue[]; timeoutMs?: number } = {},
  ): Promise<Answer> {
    const source = {
      ...{ ...sourceOf("secrets", code), hosts: sourceHosts },
      ...{ secrets: more.secrets ?? secrets, configJson: JSON.stringify(more.config ?? {}) },
    };
    const answer = (await runner.ask([source], "attack", more.timeoutMs ?? 15_000)).get("secrets");
    if (answer === undefined) throw new Error("no answer");
    return answer;
  }

  const toOther = (): string => JSON.stringify(upstream.seen.filter(({ host }) => host !== secretHosts.own));

  describe("a secret does not get out", () => {
    test.each(secretCases)("$id $name", async ({ code, expected, message, timeoutMs }) => {
      const answer = await ask(code[language], { timeoutMs });
      const { outcome, problem } = answer;
      expect(expected, problem?.message ?? "").toContain(outcome === "ok" ? "ok" : problem?.code);
      if (message !== undefined) expect(problem?.message).toMatch(message);
      const text = JSON.stringify(answer);
      expect(leaksIn(text, value, open)).toEqual([]);
      // Nor a placeholder: people are shown the name of the slot.
      expect(text).not.toMatch(/assaysecret[0-9a-f]{40}/i);
      expect(leaksIn(answer.resultJson, value, open)).toEqual([]);
      expect(leaksIn(seenInside(answer.resultJson), value)).toEqual([]);
      expect(leaksIn(toOther(), value, open)).toEqual([]);
      expect(toOther()).not.toContain("assaysecret");
    });
  });

  describe("a secret is filled in", () => {
    test.each(fillInTests)("$name", async ({ code, requests }) => {
      const answer = await ask(code);
      expect(answer.problem?.message ?? "").toBe("");
      expect(upstream.seen).toHaveLength(requests);
      for (const { url, headers, body } of upstream.seen) {
        const basic = Buffer.from(headers["authorization"]?.replace("Basic ", "") ?? "", "base64").toString("utf8");
        const json = body.startsWith("{") ? (JSON.parse(body) as { k: string }).k : undefined;
        const places = [url.searchParams.get("k"), headers["x-key"], basic.replace("user:", ""), json];
        const pathKey = url.pathname.startsWith("/p/") ? decodeURIComponent(url.pathname.slice(3)) : undefined;
        const form = json === undefined ? new URLSearchParams(body).get("k") : undefined;
        const found = [...places, pathKey, form].filter((text) => typeof text === "string" && text !== "");
        expect(found.length).toBeGreaterThan(0);
        expect(new Set(found)).toEqual(new Set([value]));
      }
      expect(answer.http).toHaveLength(requests);
      expect(leaksIn(JSON.stringify(answer), value)).toEqual([]);
    });
  });

  test("placeholders differ from call to call, and one of an earlier call is worth nothing", async () => {
    const [return_, send] =
      language === "JAVASCRIPT"
        ? [
            "export const fetchData = (indicator, context) => ({ codes: [...context.secrets.KEY].map((c) => c.charCodeAt(0)) });",
            `export const fetchData = async (indicator, { http, config, secrets }) =>
  ({ same: config.old === secrets.KEY, status: (await http.get("https://${secretHosts.own}/echo?k=" + config.old)).status });`,
          ]
        : [
            'def fetch_data(indicator, context):\n    return {"codes": [ord(c) for c in context.secrets["KEY"]]}\n',
            `def fetch_data(indicator, context):
    old = context.config["old"]
    response = context.http.get("https://${secretHosts.own}/echo?k=" + old)
    return {"same": old == context.secrets.KEY, "status": response.status}
`,
          ];
    const old = seenInside((await ask(return_)).resultJson).trim();
    expect(old).toMatch(/^[a-z0-9]{40,63}$/);
    expect(JSON.parse((await ask(send, { config: { old } })).resultJson)).toEqual({ same: false, status: 200 });
    expect(upstream.seen[0]?.url.searchParams.get("k")).toBe(old);
  });

  test("secrets that are not valid are refused without being repeated", async () => {
    const [secret] = secrets;
    if (secret === undefined) throw new Error("no secret");
    const wrong = [
      { ...secret, name: "key" },
      { ...secret, name: value },
      { ...secret, value: "" },
      { ...secret, value: `${value}\n` },
      { ...secret, value: value.repeat(1000) },
      { ...secret, hosts: [`https://${secretHosts.own}`] },
      { ...secret, hosts: ["dns:*"] },
      { ...secret, hosts: [value] },
    ];
    for (const one of wrong) {
      const { problem } = await ask("", { secrets: [one] });
      expect(problem).toMatchObject({ code: "INTERNAL", message: expect.stringContaining("secrets[0].") });
      expect(problem?.message).not.toContain("S3cr3t");
    }
    const { problem } = await ask("", { secrets: [secret, secret] });
    expect(problem?.message).toContain("secrets[1].name is that of an earlier secret.");
  });
}
