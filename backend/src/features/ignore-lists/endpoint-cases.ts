import type { Client, IgnoreList, IgnoreListInput, ignoreListsApi, Source } from "@assay/contract";
import { expect } from "vitest";

interface Caller {
  /** The administrator, with a token. */
  readonly client: Client;
  newSource(): Promise<Source>;
}

/** One call per endpoint of ignore lists that succeeds. */
export function ignoreListCases(caller: () => Caller): Record<keyof typeof ignoreListsApi, () => Promise<unknown>> {
  const lists = () => caller().client.ignoreLists;
  const newList = (changes: Partial<IgnoreListInput> = {}): Promise<IgnoreList> =>
    lists().create({ body: { name: "Offices", ...changes } });
  const newFilled = async (...values: string[]) => {
    const { id } = await newList();
    await lists().addEntries({ params: { id }, body: { entries: values.map((value) => ({ value })) } });
    return { params: { id } };
  };
  const valuesOf = async (call: { params: { id: string } }, query: object = {}) =>
    (await lists().entries({ ...call, query })).items.map(({ value }) => value);
  return {
    async list() {
      const { id, name } = await newList({ name: `Findable ${Math.random()}` });
      expect((await lists().list({ query: { q: name.toLowerCase() } })).items.map((item) => item.id)).toEqual([id]);
    },
    async create() {
      const list = await newList({ name: "Büros 24/7", slug: `bueros-${Date.now()}` });
      expect(list).toMatchObject({ kind: "known_good", enabled: true, global: false, entryCount: 0, catalogue: false });
    },
    async global() {
      const [own, everybodys] = [await newList(), await newList({ global: true, enabled: false })];
      const ids = (await lists().global({ query: { limit: 200 } })).items.map((item) => item.id);
      expect([ids.includes(own.id), ids.includes(everybodys.id)]).toEqual([false, true]);
    },
    async match() {
      const { id } = (await newFilled("matched.example")).params;
      const { indicator, matches } = await lists().match({ body: { data: "hxxps://www.matched[.]example/x" } });
      expect(indicator).toEqual({ kind: "URL", data: "https://www.matched.example/x" });
      expect(matches).toMatchObject([{ list: { id }, entry: { type: "hostname", value: "matched.example" } }]);
    },
    async import() {
      const file = { name: "From MISP", type: "string", category: "known", version: 7, list: ["a", "b", "a"] };
      const list = await lists().import({ body: { content: JSON.stringify(file) } });
      expect(list).toMatchObject({ name: "From MISP", kind: "context", version: "7", entryCount: 2, global: false });
    },
    async refresh() {
      const feed = { url: "http://127.0.0.1:9/list.txt", format: "text" } as const;
      const { id } = await newList({ feed: { ...feed, type: null, invalid: "leave_out", everyMinutes: 60 } });
      const list = await lists().refresh({ params: { id }, body: {} });
      // No runner of these tests may reach a private address.
      expect(list.feedState).toMatchObject({
        fetchedAt: null,
        problem: expect.stringMatching(/not at a public address/),
      });
    },
    async getBySlug() {
      const list = await newList();
      expect(await lists().getBySlug({ params: { slug: list.slug } })).toEqual(list);
    },
    async get() {
      const list = await newList();
      expect(await lists().get({ params: { id: list.id } })).toEqual(list);
    },
    async update() {
      const { id } = await newList();
      const body = { kind: "context" as const, enabled: false, indicatorKinds: ["URL" as const] };
      expect(await lists().update({ params: { id }, body })).toMatchObject(body);
    },
    async delete() {
      const { params } = await newFilled("gone.example");
      await lists().delete({ params });
      await expect(lists().get({ params })).rejects.toMatchObject({ problem: { code: "NOT_FOUND" } });
      expect((await lists().match({ body: { data: "gone.example" } })).matches).toEqual([]);
    },
    async entries() {
      const list = await newFilled("one.example", "two.example", "10.0.0.0/8", "three.example");
      const first = await lists().entries({ ...list, query: { limit: 2, type: "hostname" } });
      expect(first.items.map(({ value }) => value)).toEqual(["one.example", "two.example"]);
      expect(await valuesOf(list, { type: "hostname", cursor: first.nextCursor })).toEqual(["three.example"]);
      expect(await valuesOf(list, { q: "T" })).toEqual(["two.example", "three.example"]);
    },
    async addEntries() {
      const list = await newFilled("one.example");
      const entries = [{ value: "ONE.example" }, { value: "two.example", exception: true }];
      const change = await lists().addEntries({ ...list, body: { entries } });
      expect(change).toEqual({ added: 1, removed: 0, leftOut: 0, entryCount: 2 });
    },
    async replaceEntries() {
      const list = await newFilled("one.example", "two.example");
      const change = await lists().replaceEntries({ ...list, body: { entries: [{ value: "three.example" }] } });
      expect([change, await valuesOf(list)]).toEqual([
        { added: 1, removed: 2, leftOut: 0, entryCount: 1 },
        ["three.example"],
      ]);
    },
    async removeEntries() {
      const list = await newFilled("one.example", "two.example");
      const entries = [{ type: "hostname" as const, value: "one.example" }];
      expect(await lists().removeEntries({ ...list, body: { entries } })).toMatchObject({ removed: 1, entryCount: 1 });
    },
    async importEntries() {
      const list = await newFilled("one.example");
      const content = "# offices\r\n192.0.2.0/24\r\n\r\n!192.0.2.66\n";
      expect(await lists().importEntries({ ...list, body: { content, format: "text" } })).toMatchObject({ added: 2 });
      const { items } = await lists().entries({ ...list, query: { type: "cidr" } });
      expect(items.map(({ value, exception }) => [value, exception])).toEqual([
        ["192.0.2.0/24", false],
        ["192.0.2.66/32", true],
      ]);
    },
    async sources() {
      const [{ id }, source] = [await newList(), await caller().newSource()];
      await lists().tieSources({ params: { id }, body: { sourceIds: [source.id] } });
      const { name, slug } = source;
      expect((await lists().sources({ params: { id } })).items).toEqual([{ id: source.id, slug, name }]);
    },
    async tieSources() {
      const [{ id }, source] = [await newList(), await caller().newSource()];
      const tied = await lists().tieSources({ params: { id }, body: { sourceIds: [source.id, source.id] } });
      expect(tied.sourceIds).toEqual([source.id]);
    },
    async providers() {
      const [{ id }, { providerId }] = [await newList(), await caller().newSource()];
      await lists().tieProviders({ params: { id }, body: { providerIds: [providerId] } });
      expect((await lists().providers({ params: { id } })).items.map((item) => item.id)).toEqual([providerId]);
    },
    async tieProviders() {
      const [{ id }, { providerId }] = [await newList(), await caller().newSource()];
      const tied = await lists().tieProviders({ params: { id }, body: { providerIds: [providerId] } });
      expect(tied.providerIds).toEqual([providerId]);
    },
  };
}
