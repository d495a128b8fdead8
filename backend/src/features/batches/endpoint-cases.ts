import type { Batch, batchesApi, Client, Visibility } from "@assay/contract";
import { expect } from "vitest";
import type { TestBackend } from "../../testing.ts";

interface Caller {
  readonly backend: TestBackend;
  readonly client: Client;
  readonly token: { readonly authorization: string };
}

/** One call per endpoint of batches that succeeds, on a server without a worker: what a worker does is tested beside this. */
export function batchCases(caller: () => Caller): Record<keyof typeof batchesApi, () => Promise<unknown>> {
  const make = (start = false): Promise<Batch> =>
    caller().client.batches.create({ body: { indicators: ["192.0.2.1", "evil[.]com", "what"], name: "Wave", start } });
  const ask = async (path: string): Promise<Response> =>
    fetch(`${caller().backend.url}/api/v1/batches/${path}`, { headers: caller().token });
  const after = async (change: "start" | "pause" | "resume" | "cancel", id: string): Promise<string> =>
    (await caller().client.batches[change]({ params: { id } })).status;
  return {
    async create() {
      const batch = await caller().client.batches.create({ body: { text: "See hxxp://evil[.]com/a and 8.8.4.4." } });
      expect([batch.status, batch.kinds, batch.userId]).toEqual([
        "running",
        { URL: 1, IPV4: 1 },
        caller().backend.admin.id,
      ]);
    },
    async list() {
      const { id } = await make();
      expect((await caller().client.batches.list({ query: { limit: 1 } })).items[0]?.id).toBe(id);
    },
    async get() {
      const batch = await make();
      expect(await caller().client.batches.get({ params: { id: batch.id } })).toEqual(batch);
    },
    async update() {
      const { id } = await make();
      const set = async (visibility: Visibility) =>
        (await caller().client.batches.update({ params: { id }, body: { visibility } })).visibility;
      expect([await set("private"), await set("everyone"), await set("private")]).toEqual([
        "private",
        "everyone",
        "private",
      ]);
    },
    async dropped() {
      const { id } = await make();
      expect(await caller().client.batches.dropped({ params: { id } })).toEqual({
        items: [{ raw: "what", reason: "no kind of indicator looks like this" }],
        more: 0,
      });
    },
    async forecast() {
      const { id } = await make();
      expect(await caller().client.batches.forecast({ params: { id } })).toMatchObject({ lookups: 2, ignored: 0 });
    },
    async items() {
      const { id } = await make();
      const { items } = await caller().client.batches.items({ params: { id }, query: { kind: "DOMAIN" } });
      expect(items).toMatchObject([{ position: 1, data: "evil.com", state: "waiting", requestId: null }]);
    },
    async events() {
      const { id } = await make();
      await after("cancel", id);
      expect(await (await ask(`${id}/events`)).text()).toMatch(/^: watching\n\nid: \d+\nevent: end\n/);
    },
    async export() {
      const { id } = await make();
      const response = await ask(`${id}/export?format=csv`);
      expect(response.headers.get("content-disposition")).toBe(`attachment; filename="assay-batch-${id}.csv"`);
      expect(await response.text()).toMatch(/^lookupId,createdAt,/);
    },
    start: async () => expect(await after("start", (await make()).id)).toBe("running"),
    pause: async () => expect(await after("pause", (await make(true)).id)).toBe("paused"),
    async resume() {
      const { id } = await make(true);
      await after("pause", id);
      expect(await after("resume", id)).toBe("running");
    },
    cancel: async () => expect(await after("cancel", (await make()).id)).toBe("cancelled"),
    async retry() {
      const { id } = await make(true);
      await after("pause", id);
      await caller().backend.db.prisma.batchItem.updateMany({
        where: { batchId: id, position: 0 },
        data: { state: "failed" },
      });
      const again = await caller().client.batches.retry({ params: { id }, body: {} });
      expect([again.status, again.counts.waiting]).toEqual(["running", 2]);
    },
    async delete() {
      const { id } = await make();
      await caller().client.batches.delete({ params: { id } });
      await expect(caller().client.batches.get({ params: { id } })).rejects.toMatchObject({ problem: { status: 404 } });
    },
  };
}
