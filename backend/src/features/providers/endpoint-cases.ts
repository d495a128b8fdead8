import type { Client, Provider, providersApi, Source } from "@assay/contract";
import { expect } from "vitest";

interface Caller {
  /** The administrator, with a token. */
  readonly client: Client;
  newProvider(): Promise<Provider>;
  newSource(code?: string): Promise<Source>;
}

/** One call per endpoint of providers that succeeds. */
export function providerCases(caller: () => Caller): Record<keyof typeof providersApi, () => Promise<unknown>> {
  return {
    async list() {
      const { id } = await caller().client.providers.create({ body: { name: "Aardvark" } });
      await caller().newProvider();
      const { items, nextCursor } = await caller().client.providers.list({ query: { limit: 1 } });
      expect(items.map((item) => item.id)).toEqual([id]);
      const next = await caller().client.providers.list({ query: { limit: 200, cursor: nextCursor ?? "" } });
      expect(next.items.map(({ name }) => name)).not.toContain("Aardvark");
      expect(next.nextCursor).toBeNull();
    },
    async create() {
      const provider = await caller().client.providers.create({ body: { name: "  Bürö 24/7  " } });
      expect(provider).toMatchObject({ name: "Bürö 24/7", slug: "buro-24-7", family: "buro-24-7", catalogue: false });
    },
    async getBySlug() {
      const { id, slug } = await caller().newProvider();
      expect((await caller().client.providers.getBySlug({ params: { slug } })).id).toBe(id);
    },
    async get() {
      const provider = await caller().newProvider();
      expect(await caller().client.providers.get({ params: { id: provider.id } })).toEqual(provider);
    },
    async update() {
      const { id } = await caller().newProvider();
      const changed = await caller().client.providers.update({
        params: { id },
        body: { enabled: false, url: "https://example.org/" },
      });
      expect(changed).toMatchObject({ enabled: false, url: "https://example.org/" });
    },
    async delete() {
      const { id } = await caller().newProvider();
      await caller().client.providers.delete({ params: { id } });
      await expect(caller().client.providers.get({ params: { id } })).rejects.toMatchObject({
        problem: { code: "NOT_FOUND" },
      });
    },
    async sources() {
      const source = await caller().newSource();
      const { items } = await caller().client.providers.sources({ params: { id: source.providerId } });
      expect(items.map((item) => item.id)).toEqual([source.id]);
    },
    async ignoreLists() {
      const { id } = await caller().newProvider();
      const list = await caller().client.ignoreLists.create({ body: { name: "Of a provider" } });
      await caller().client.ignoreLists.tieProviders({ params: { id: list.id }, body: { providerIds: [id] } });
      const { items } = await caller().client.providers.ignoreLists({ params: { id } });
      expect(items.map((item) => [item.id, item.providerIds])).toEqual([[list.id, [id]]]);
    },
  };
}
