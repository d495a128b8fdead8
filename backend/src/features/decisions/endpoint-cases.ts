import type { Client, Decision, DecisionInput, decisionsApi } from "@assay/contract";
import { expect } from "vitest";

interface Caller {
  /** The administrator, with a token. */
  readonly client: Client;
}

/** One call per endpoint of decisions that succeeds. */
export function decisionCases(caller: () => Caller): Record<keyof typeof decisionsApi, () => Promise<unknown>> {
  const decisions = () => caller().client.decisions;
  const decide = (changes: Partial<DecisionInput> = {}): Promise<Decision> => {
    const data = `d${Math.random().toString(36).slice(2)}.example`;
    return decisions().create({ body: { data, verdict: "benign", reason: "Our own", ...changes } });
  };
  return {
    async list() {
      const made = await decide();
      const found = (query: object) => decisions().list({ query: { data: made.data, ...query } });
      expect((await found({})).items).toEqual([made]);
      expect((await found({ verdict: "malicious" })).items).toEqual([]);
    },
    async create() {
      const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
      const made = await decide({ data: "hxxps://Decided[.]example/x", verdict: "malicious", expiresAt });
      expect(made).toMatchObject({ data: "https://decided.example/x", kind: "URL", status: "in_force", expiresAt });
    },
    async indicator() {
      const { data, kind, id } = await decide();
      const answer = await decisions().indicator({ query: { data: data.replace(".", "[.]") } });
      expect(answer).toMatchObject({ indicator: { data, kind }, decision: { id } });
      expect((await decisions().indicator({ query: { data: "undecided.example" } })).decision).toBeNull();
    },
    async get() {
      const made = await decide();
      expect(await decisions().get({ params: { id: made.id } })).toEqual(made);
    },
    async update() {
      const { id } = await decide();
      expect(await decisions().update({ params: { id }, body: { reason: "Ours" } })).toMatchObject({ reason: "Ours" });
    },
    async withdraw() {
      const { id } = await decide();
      expect(await decisions().withdraw({ params: { id } })).toMatchObject({ status: "withdrawn" });
    },
  };
}
