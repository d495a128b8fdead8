import type { Client, secretsApi, Source } from "@assay/contract";
import { expect } from "vitest";
import type { TestBackend } from "../../testing.ts";

interface Caller {
  readonly backend: TestBackend;
  /** The administrator, with a token. */
  readonly client: Client;
  /** Headers of somebody who may read the values of secrets. */
  readonly reader: { readonly authorization: string };
  newSource(code?: string): Promise<Source>;
}

const slot = { name: "EXAMPLE_KEY", hosts: ["api.example.org"] };
const newSecret = ({ client }: Caller) =>
  client.secrets.create({ body: { name: "Example key", value: "planted-value", hosts: ["api.example.org"] } });
async function withSlot({ client, newSource }: Caller, code?: string): Promise<Source> {
  const { id } = await newSource(code);
  return client.sources.update({ params: { id }, body: { hosts: ["api.example.org"], secretSlots: [slot] } });
}

/** One call per endpoint of secrets that succeeds. */
export function secretCases(caller: () => Caller): Record<keyof typeof secretsApi, () => Promise<unknown>> {
  return {
    async list() {
      const { id } = await caller().client.secrets.create({
        body: { name: "A key", value: "x", hosts: ["example.org"] },
      });
      await newSecret(caller());
      const { items, nextCursor } = await caller().client.secrets.list({ query: { limit: 1 } });
      expect(items.map((item) => item.id)).toEqual([id]);
      const next = await caller().client.secrets.list({ query: { cursor: nextCursor ?? "" } });
      expect(next.items.map(({ name }) => name)).toContain("Example key");
    },
    async create() {
      const secret = await newSecret(caller());
      expect(secret).toMatchObject({ note: "", expiry: "valid", valueState: "readable", uses: [], lastUsedAt: null });
      expect(JSON.stringify(secret)).not.toMatch(/planted|alue":"/);
    },
    async get() {
      const secret = await newSecret(caller());
      expect(await caller().client.secrets.get({ params: { id: secret.id } })).toEqual(secret);
    },
    async update() {
      const { id } = await newSecret(caller());
      const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
      const changed = await caller().client.secrets.update({ params: { id }, body: { note: "for tests", expiresAt } });
      expect(changed).toMatchObject({ id, note: "for tests", expiresAt, expiry: "expiring" });
    },
    async delete() {
      const { id } = await newSecret(caller());
      await caller().client.secrets.delete({ params: { id } });
      await expect(caller().client.secrets.get({ params: { id } })).rejects.toMatchObject({
        problem: { code: "NOT_FOUND" },
      });
    },
    async liftRest() {
      const { id } = await newSecret(caller());
      const subject = `secret:${id}`;
      caller().backend.backend.secrets.rests.rest(subject, Date.now() + 3_600_000);
      const secret = await caller().client.secrets.get({ params: { id } });
      expect(secret.standing.restsUntil).not.toBeNull();
      expect(await caller().client.secrets.liftRest({ params: { id } })).toMatchObject({
        standing: { restsUntil: null, windows: [] },
      });
    },
    async value() {
      const { id } = await newSecret(caller());
      expect(await caller().backend.client(caller().reader).secrets.value({ params: { id } })).toEqual({
        value: "planted-value",
      });
    },
    async test() {
      const { id } = await newSecret(caller());
      const { id: sourceId } = await withSlot(
        caller(),
        "export const fetchData = (i, context) => context.unauthorized();",
      );
      const result = await caller().client.secrets.test({ params: { id }, body: { sourceId, data: "192.0.2.1" } });
      expect(result).toEqual({ verdict: "refused", outcome: "failed", problems: [{ code: "UNAUTHORIZED" }] });
    },
  };
}

type SourceCase = "secrets" | "assignSecrets" | "quota" | "liftRest";

/** The same for which secrets fill the slots of a source, and what is left of their quotas. */
export function assignmentCases(caller: () => Caller): Record<SourceCase, () => Promise<unknown>> {
  return {
    async quota() {
      const { id } = await withSlot(caller());
      const quota = [{ limit: 4, per: "minute" }];
      const value = { name: "Limited", value: "x", hosts: ["api.example.org"], quota, quotaReservePercent: 50 };
      const secret = await caller().client.secrets.create({ body: value });
      const body = { slots: [{ name: slot.name, secretIds: [secret.id] }] };
      await caller().client.sources.assignSecrets({ params: { id }, body });
      const { quotas } = await caller().client.sources.quota({ params: { id } });
      expect(quotas).toEqual([
        {
          secret: { slot: slot.name, id: secret.id, name: "Limited" },
          reservePercent: 50,
          standing: {
            counted: "this_node",
            windows: [{ limit: 4, per: "minute", left: 4, freeAt: null }],
            restsUntil: null,
          },
        },
      ]);
    },
    async liftRest() {
      const { id } = await caller().newSource();
      caller().backend.backend.secrets.rests.rest(`source:${id}`, Date.now() + 3_600_000);
      const { quotas } = await caller().client.sources.quota({ params: { id } });
      expect(quotas[0]?.standing.restsUntil).not.toBeNull();
      const lifted = await caller().client.sources.liftRest({ params: { id } });
      expect(lifted.quotas).toMatchObject([{ secret: null, standing: { restsUntil: null } }]);
    },
    async secrets() {
      const { id } = await withSlot(caller());
      const { slots } = await caller().client.sources.secrets({ params: { id } });
      expect(slots).toEqual([{ ...slot, required: true, exposed: false, state: "empty", secrets: [] }]);
    },
    async assignSecrets() {
      const { id, slug, name } = await withSlot(caller());
      const secret = await newSecret(caller());
      const body = { slots: [{ name: slot.name, secretIds: [secret.id] }] };
      const { slots } = await caller().client.sources.assignSecrets({ params: { id }, body });
      expect(slots).toMatchObject([
        { state: "ready", secrets: [{ id: secret.id, name: "Example key", effectiveHosts: ["api.example.org"] }] },
      ]);
      const { uses } = await caller().client.secrets.get({ params: { id: secret.id } });
      expect(uses).toEqual([{ sourceId: id, slug, name, slot: slot.name }]);
    },
  };
}
