import type { Client, Request, requestsApi, Source } from "@assay/contract";
import { expect } from "vitest";
import type { TestBackend } from "../../testing.ts";

interface Caller {
  readonly backend: TestBackend;
  /** The administrator, with a token. */
  readonly client: Client;
  readonly token: { readonly authorization: string };
  lookUp(): Promise<Request>;
  newSource(code?: string): Promise<Source>;
}

type Name = Exclude<keyof typeof requestsApi, `export${string}`>;

/** One call per endpoint of lookups, exports aside, that succeeds. */
export function requestCases(caller: () => Caller): Record<Name, () => Promise<unknown>> {
  const events = async (path: string): Promise<string> =>
    (await fetch(`${caller().backend.url}${path}`, { headers: caller().token })).text();
  return {
    async create() {
      const request = await caller().lookUp();
      expect([request.status, request.kind, request.userId]).toEqual(["completed", "IPV4", caller().backend.admin.id]);
    },
    async list() {
      const { id } = await caller().lookUp();
      expect((await caller().client.requests.list({ query: { data: "192.0.2.1", limit: 1 } })).items[0]?.id).toBe(id);
    },
    async known() {
      const { id, data, kind } = await caller().lookUp();
      const indicators = [
        { kind: "DOMAIN" as const, data: "never.example" },
        { kind, data },
      ];
      const { items } = await caller().client.requests.known({ body: { indicators } });
      expect(items[0]).toEqual({ ...indicators[0], count: 0, last: null });
      expect(items[1]).toMatchObject({ kind, data, last: { id, verdict: "unknown" } });
      expect(items[1]?.count).toBeGreaterThan(0);
    },
    async execute() {
      const { id: sourceId } = await caller().newSource();
      const request = await caller().client.requests.execute({ query: { data: "192.0.2.9", sourceIds: sourceId } });
      expect(request.answers.map(({ outcome, data }) => [outcome, data])).toEqual([["ok", "192.0.2.9"]]);
    },
    executeSse: async () =>
      expect(await events("/api/v1/requests/execute/sse?data=192.0.2.1")).toMatch(/^id: .*event: fetching_end/s),
    async get() {
      const request = await caller().lookUp();
      expect(await caller().client.requests.get({ params: { id: request.id } })).toEqual(request);
    },
    async update() {
      const { id, visibility } = await caller().lookUp();
      const closed = await caller().client.requests.update({ params: { id }, body: { visibility: "private" } });
      expect([visibility, closed.visibility]).toEqual(["everyone", "private"]);
    },
    async history() {
      const before = await caller().lookUp();
      const { id } = await caller().lookUp();
      const { items } = await caller().client.requests.history({ params: { id } });
      expect(items.map((item) => item.id)).toContain(before.id);
      const { seen } = await caller().client.requests.history({ params: { id: before.id }, query: { limit: 1 } });
      expect(seen.count).toBeGreaterThan(0);
      expect(seen.last).toMatchObject({ id, user: { id: caller().backend.admin.id, name: "Test" } });
    },
    async related() {
      const code = `export const fetchData = (indicator) => ({ data: 1, relations: [{ kind: "IPV4", data: "192.0.2.5", type: "near" }] });`;
      const { id: sourceId } = await caller().newSource(code);
      const body = { data: "192.0.2.4", sourceIds: [sourceId], followUp: { depth: 1 } };
      const { id } = await caller().client.requests.create({ query: { wait: "20s" }, body });
      const related = () => caller().client.requests.related({ params: { id } });
      await expect.poll(async () => (await related()).complete, { timeout: 20_000 }).toBe(true);
      expect((await related()).items).toMatchObject([{ data: "192.0.2.5", parentId: id, status: "completed" }]);
    },
    async diff() {
      const [before, after] = [await caller().lookUp(), await caller().lookUp()];
      const diff = await caller().client.requests.diff({ params: { id: after.id }, query: { with: before.id } });
      expect([diff.before.id, diff.after.id]).toEqual([before.id, after.id]);
      const other = await caller().client.requests.create({ query: { wait: "20s" }, body: { data: "192.0.2.99" } });
      await expect(
        caller().client.requests.diff({ params: { id: after.id }, query: { with: other.id } }),
      ).rejects.toMatchObject({ problem: { code: "VALIDATION_FAILED", errors: [{ field: "query.with" }] } });
    },
    async events() {
      const { id } = await caller().lookUp();
      expect(await events(`/api/v1/requests/${id}/events`)).toMatch(/^id: .*event: fetching_end/s);
    },
    async cancel() {
      const { id: sourceId } = await caller().newSource("export const fetchData = () => new Promise(() => {});");
      const { id } = await caller().client.requests.create({ body: { data: "192.0.2.3", sourceIds: [sourceId] } });
      expect((await caller().client.requests.cancel({ params: { id } })).status).toBe("cancelled");
    },
  };
}
