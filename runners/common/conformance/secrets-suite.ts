import type { Answer, SecretValue } from "@assay/proto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Executor } from "../src/executor.ts";
import { caseHosts, caseSecrets, hiddenSecret, leaksIn, secretCases, secretHosts } from "./egress-secrets.ts";
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

const { value } = hiddenSecret;

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
      ...{ ...sourceOf("secrets", code), hosts: caseHosts },
      ...{ secrets: more.secrets ?? caseSecrets, configJson: JSON.stringify(more.config ?? {}) },
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
      expect(leaksIn(text, caseSecrets)).toEqual([]);
      // Nor a placeholder: people are shown the name of the slot.
      expect(text).not.toMatch(/assaysecret[0-9a-f]{40}/i);
      expect(leaksIn(answer.resultJson, caseSecrets)).toEqual([]);
      expect(leaksIn(seenInside(answer.resultJson), [hiddenSecret])).toEqual([]);
      expect(leaksIn(toOther(), caseSecrets)).toEqual([]);
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
      expect(leaksIn(JSON.stringify(answer), [hiddenSecret])).toEqual([]);
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
    const wrong = [
      { ...hiddenSecret, name: "key" },
      { ...hiddenSecret, name: value },
      { ...hiddenSecret, value: "" },
      { ...hiddenSecret, value: `${value}\n` },
      { ...hiddenSecret, value: value.repeat(1000) },
      { ...hiddenSecret, hosts: [`https://${secretHosts.own}`] },
      { ...hiddenSecret, hosts: ["dns:*"] },
      { ...hiddenSecret, hosts: [value] },
    ];
    for (const one of wrong) {
      const { problem } = await ask("", { secrets: [one] });
      expect(problem).toMatchObject({ code: "INTERNAL", message: expect.stringContaining("secrets[0].") });
      expect(problem?.message).not.toContain("S3cr3t");
    }
    const { problem } = await ask("", { secrets: [hiddenSecret, hiddenSecret] });
    expect(problem?.message).toContain("secrets[1].name is that of an earlier secret.");
  });
}
