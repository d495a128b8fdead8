import type { cacheApi, Client, Source } from "@assay/contract";
import { expect } from "vitest";

interface Caller {
  /** The administrator, with a token. */
  readonly client: Client;
  newSource(code?: string): Promise<Source>;
}

const cacheLifetimes = { foundSeconds: 60, notFoundSeconds: 60, failedSeconds: 0, staleSeconds: 60 };

/** One call per endpoint of the cache that succeeds. */
export function cacheCases(caller: () => Caller): Record<keyof typeof cacheApi, () => Promise<unknown>> {
  const client = () => caller().client;
  /** A source with one answer in the cache. */
  const newCached = async (data: string) => {
    const { id } = await caller().newSource();
    await client().sources.update({ params: { id }, body: { cacheLifetimes } });
    const look = () => client().requests.create({ query: { wait: "20s" }, body: { data, sourceIds: [id] } });
    expect((await look()).answers[0]?.cache.state).toBe("stored");
    return { id, look };
  };
  return {
    async get() {
      const { id, look } = await newCached("192.0.2.61");
      expect((await look()).answers[0]?.cache.state).toBe("hit");
      const state = await client().cache.get();
      expect(state).toMatchObject({ driver: "memory", trouble: null, usedBytesMax: 16 * 1024 * 1024 });
      expect(state.sources.find(({ source }) => source.id === id)).toMatchObject({ entries: 1, hits: 1, misses: 1 });
    },
    async entries() {
      const { id } = await newCached("192.0.2.62");
      const { items } = await client().cache.entries({ query: { sourceId: id } });
      expect(items).toMatchObject([{ data: "192.0.2.62", kind: "IPV4", outcome: "ok", current: true }]);
      const byIndicator = await client().cache.entries({ query: { data: "192.0.2[.]62" } });
      expect(byIndicator.items).toEqual(items);
    },
    async clear() {
      const [first, second] = [await newCached("192.0.2.63"), await newCached("192.0.2.63")];
      expect(await client().cache.clear({ query: { sourceId: first.id } })).toEqual({ removed: 1 });
      expect((await first.look()).answers[0]?.cache.state).toBe("stored");
      expect((await second.look()).answers[0]?.cache.state).toBe("hit");
      expect(await client().cache.clear({ query: { data: "192.0.2.63" } })).toEqual({ removed: 2 });
      expect((await second.look()).answers[0]?.cache.state).toBe("stored");
      expect(await client().cache.clear({ query: { all: "true" } })).toMatchObject({ removed: expect.any(Number) });
      expect((await client().cache.get()).entries).toBe(0);
      await expect(client().cache.clear({ query: {} })).rejects.toMatchObject({
        problem: { code: "VALIDATION_FAILED", errors: [{ field: "query.all" }] },
      });
    },
  };
}
