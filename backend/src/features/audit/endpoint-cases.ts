import { AuditEvent, type Client, type eventsApi, type Provider } from "@assay/contract";
import { expect } from "vitest";
import type { TestBackend } from "../../testing.ts";

interface Caller {
  readonly backend: TestBackend;
  /** The administrator, with a token. */
  readonly client: Client;
  readonly token: { readonly authorization: string };
}

/** One call per endpoint that succeeds. */
export function eventCases(caller: () => Caller): Record<keyof typeof eventsApi, () => Promise<unknown>> {
  const newProvider = (): Promise<Provider> =>
    caller().client.providers.create({ body: { name: `Provider ${Math.random()}` } });
  return {
    async list() {
      const { backend, client } = caller();
      const { id } = await newProvider();
      const page = (query: object) => client.events.list({ query: { objectId: id, ...query } });
      expect((await page({})).items).toMatchObject([
        { action: "provider.create", actor: { type: "apiToken", userId: backend.admin.id }, object: { id } },
      ]);
      await client.providers.update({ params: { id }, body: { enabled: false } });
      const newest = await page({ limit: 1 });
      expect(newest.items).toMatchObject([
        { action: "provider.update", changes: [{ field: "enabled", before: true, after: false }] },
      ]);
      const next = await page({ cursor: newest.nextCursor });
      expect([next.items.map(({ action }) => action), next.nextCursor]).toEqual([["provider.create"], null]);
    },
    async export() {
      const { backend, token } = caller();
      const { id } = await newProvider();
      const response = await fetch(`${backend.url}/api/v1/events/export?objectId=${id}`, { headers: token });
      expect(response.headers.get("content-type")).toBe("application/jsonl; charset=utf-8");
      expect(response.headers.get("content-disposition")).toMatch(
        /^attachment; filename="assay-events-[\d-]+\.jsonl"$/,
      );
      const lines = (await response.text()).trimEnd().split("\n");
      expect(lines.map((line) => AuditEvent.parse(JSON.parse(line)).action)).toEqual(["provider.create"]);
    },
    async get() {
      const { client } = caller();
      const { id: objectId } = await newProvider();
      const [event] = (await client.events.list({ query: { objectId } })).items;
      expect(await client.events.get({ params: { id: event?.id ?? "" } })).toEqual(event);
    },
  };
}
