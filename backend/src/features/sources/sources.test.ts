import type { SourceInput } from "@assay/contract";
import { type Client } from "@assay/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ServedBackend, startServedBackend } from "../../testing-served.ts";

let backend: ServedBackend;
let client: Client;
let providerId: string;
beforeAll(async () => {
  backend = await startServedBackend();
  client = backend.client(await backend.token());
  providerId = (await client.providers.create({ body: { name: "Us" } })).id;
});
afterAll(() => backend.close());

const code = "export const fetchData = () => ({ data: 1 });";
const create = (changes: Partial<SourceInput> = {}) =>
  client.sources.create({
    body: { name: "A source", providerId, language: "JAVASCRIPT", code, supportedIndicators: ["IPV4"], ...changes },
  });
const update = (id: string, body: object) => client.sources.update({ params: { id }, body });
const numbers = async (id: string) =>
  (await client.sources.versions({ params: { id } })).items.map((version) => version.number);

describe("code", () => {
  test("that does not compile is refused with line and column, and nothing is saved", async () => {
    const broken = "export function fetchData() {\n  return { data: 1;\n}\n";
    await expect(create({ name: "Broken", code: broken })).rejects.toMatchObject({
      problem: {
        code: "CODE_DOES_NOT_COMPILE",
        detail: expect.stringMatching(/^The code does not compile: .* \(line 2/),
        errors: [{ field: "body.code", line: 2 }],
      },
    });
    await expect(client.sources.getBySlug({ params: { slug: "broken" } })).rejects.toMatchObject({
      problem: { code: "NOT_FOUND" },
    });
    const source = await create();
    await expect(update(source.id, { code: broken })).rejects.toMatchObject({
      problem: { code: "CODE_DOES_NOT_COMPILE" },
    });
    expect(await client.sources.get({ params: { id: source.id } })).toEqual(source);
  });

  test("that nobody can check is not saved", async () => {
    await expect(create({ language: "PYTHON", code: "def fetch_data(i, c): pass" })).rejects.toMatchObject({
      problem: { code: "UNAVAILABLE", status: 503, detail: expect.stringContaining("Nothing has been saved") },
    });
  });

  test("that is not saved can be checked, also TypeScript; without a runner for it, one is told so", async () => {
    const check = (language: SourceInput["language"], code: string) =>
      client.sources.check({ body: { language, code } });
    expect(await check("JAVASCRIPT", "export const fetchData = (i: { data: string }) => i.data;")).toEqual({
      diagnostics: [],
      manifestDiagnostics: [],
    });
    const nothing = (await check("JAVASCRIPT", "const x = 1;")).diagnostics;
    expect(nothing).toEqual([expect.objectContaining({ severity: "error", line: null })]);
    await expect(check("PYTHON", "def fetch_data(i, c): pass")).rejects.toMatchObject({
      problem: { code: "UNAVAILABLE", status: 503 },
    });
  });

  test("that was saved is what the next lookup runs", async () => {
    const { id } = await create({ exposure: "local" });
    const ask = async () => {
      const request = await client.requests.execute({ query: { data: "192.0.2.1", sourceIds: id } });
      return request.answers[0]?.data;
    };
    expect(await ask()).toBe(1);
    await update(id, { code: code.replace("1", "2") });
    expect(await ask()).toBe(2);
  });
});

describe("versions", () => {
  test("one for each change of code or manifest, none for a switch or a setting", async () => {
    const source = await create({ config: { limit: { type: "integer", minimum: 1, default: 5 } } });
    const { id } = source;
    await update(id, { enabled: false, configValues: { limit: 7 }, disabledIndicators: ["IPV4"] });
    await update(id, { code, hosts: [] });
    expect(await numbers(id)).toEqual([1]);
    const coded = await update(id, { code: `${code}\n` });
    await update(id, { hosts: ["api.example.org"], reliability: "A" });
    expect(await numbers(id)).toEqual([3, 2, 1]);
    const { items } = await client.sources.versions({ params: { id } });
    expect(items.map((item) => item.codeHash)).toEqual([coded.codeHash, coded.codeHash, source.codeHash]);
    expect(items[2]).toMatchObject({ id: source.versionId, createdUserId: backend.admin.id });
  });

  test("saves at the same time are counted one after the other", async () => {
    const { id } = await create();
    const saves = Array.from({ length: 8 }, (_, index) => update(id, { description: `number ${index}` }));
    const counted = (await Promise.all(saves)).map((source) => source.versionNumber);
    expect(counted.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await numbers(id)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  // Guarantee: of two people who save what they began from the same version, the second overwrites nothing without knowing.
  test("a save from a version that is no longer in use is refused, and changes nothing", async () => {
    const { id, versionId, name } = await create();
    await update(id, { enabled: false });
    const saves = await Promise.allSettled(["A", "B"].map((reliability) => update(id, { reliability, versionId })));
    expect(saves.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const refused = saves.find((save) => save.status === "rejected");
    expect(refused?.reason).toMatchObject({
      problem: {
        code: "CONFLICT",
        status: 409,
        detail: `${name} has been changed in the meantime; version 2 is in use. Nothing has been saved.`,
        errors: [{ field: "body.versionId" }],
      },
    });
    const now = await client.sources.get({ params: { id } });
    expect(await numbers(id)).toEqual([2, 1]);
    expect((await update(id, { description: "new", versionId: now.versionId })).versionNumber).toBe(3);
    await expect(update(id, { versionId: "not an id" })).rejects.toMatchObject({
      problem: { code: "VALIDATION_FAILED", errors: [{ field: "body.versionId" }] },
    });
  });
});

describe("rolling back", () => {
  const rollBack = (id: string, versionId: string) => client.sources.rollback({ params: { id, versionId } });
  const config = { limit: { type: "integer", minimum: 1, maximum: 9, default: 5 } } as const;

  test("makes a new version of code and manifest, by whoever does it; switches stay and lookups run it", async () => {
    const first = await create({ exposure: "local", hosts: ["api.example.org"], tags: ["old"] });
    const { id } = first;
    await update(id, { code: code.replace("1", "2"), hosts: [], tags: ["new"], disabledIndicators: ["IPV4"] });
    const author = await backend.createUser(["source_author"]);
    const asAuthor = backend.client(await backend.token({ user: author, scopes: ["sources:read", "sources:write"] }));
    const back = await asAuthor.sources.rollback({ params: { id, versionId: first.versionId } });
    expect(back).toMatchObject({
      ...{ code, hosts: ["api.example.org"], tags: ["old"], disabledIndicators: ["IPV4"] },
      ...{ versionNumber: 3, updatedUserId: author.id },
    });
    expect(await numbers(id)).toEqual([3, 2, 1]);
    const told = (await client.events.list({ query: { objectId: id } })).items;
    expect(told.map(({ action, actor }) => [action, actor.userId])).toEqual([
      ["source.rollBack", author.id],
      ["source.update", backend.admin.id],
      ["source.create", backend.admin.id],
    ]);
    const fields = told[0]?.changes.map(({ field }) => field).toSorted();
    expect(fields).toEqual(["code", "hosts", "tags", "versionNumber"]);
    expect(JSON.stringify(told)).not.toContain("fetchData");
    const version = await client.sources.version({ params: { id, versionId: back.versionId } });
    expect(version).toMatchObject({ number: 3, createdUserId: author.id, code });
    await update(id, { disabledIndicators: [] });
    const request = await client.requests.execute({ query: { data: "192.0.2.1", sourceIds: id } });
    expect(request.answers[0]).toMatchObject({ data: 1, source: { versionId: back.versionId } });
  });

  test("is refused where it changes nothing, where a setting does not fit, and for another source's version", async () => {
    const { id, versionId } = await create({ config });
    await expect(rollBack(id, versionId)).rejects.toMatchObject({
      problem: { code: "CONFLICT", detail: "A source already has the code and manifest of version 1." },
    });
    await update(id, { config: { limit: { ...config.limit, maximum: 20 } }, configValues: { limit: 15 } });
    await expect(rollBack(id, versionId)).rejects.toMatchObject({
      problem: { errors: [{ field: "source.configValues.limit", message: "must be 9 or less" }] },
    });
    const other = await create({ name: "Other" });
    await expect(rollBack(id, other.versionId)).rejects.toMatchObject({ problem: { code: "NOT_FOUND" } });
    expect(await numbers(id)).toEqual([2, 1]);
  });
});

describe("slugs", () => {
  test("are made of the name and made different, but never taken from somebody", async () => {
    const made = await Promise.all([1, 2, 3].map(() => create({ name: "Ünïque thing" })));
    expect(made.map(({ slug }) => slug).toSorted()).toEqual(["unique-thing", "unique-thing-2", "unique-thing-3"]);
    const taken = { problem: { code: "CONFLICT", errors: [{ field: "body.slug", message: "is taken" }] } };
    await expect(create({ slug: "unique-thing" })).rejects.toMatchObject(taken);
    await expect(update(made[0]?.id ?? "", { slug: made[1]?.slug })).rejects.toMatchObject(taken);
    expect((await update(made[0]?.id ?? "", { slug: "renamed" })).slug).toBe("renamed");
  });
});

describe("configuration", () => {
  const config = { limit: { type: "integer", minimum: 1, maximum: 9, default: 5 } } as const;

  test("values are checked against their schema, and the schema's defaults as well", async () => {
    await expect(create({ config, configValues: { limit: 10, other: true } })).rejects.toMatchObject({
      problem: {
        errors: [
          { field: "body.configValues.limit", message: "must be 9 or less" },
          { field: "body.configValues.other", message: "is not a setting of this source" },
        ],
      },
    });
    await expect(create({ config: { limit: { ...config.limit, default: 0 } } })).rejects.toMatchObject({
      problem: { errors: [{ field: "body.config.limit.default", message: "must be 1 or more" }] },
    });
  });

  test("a schema that the values in place do not fit is refused, unless they come along", async () => {
    const { id } = await create({ config, configValues: { limit: 9 } });
    const narrower = { limit: { ...config.limit, maximum: 6 } };
    await expect(update(id, { config: narrower })).rejects.toMatchObject({
      problem: { errors: [{ field: "body.configValues.limit", message: "must be 6 or less" }] },
    });
    const changed = await update(id, { config: narrower, configValues: { limit: 6 } });
    expect([changed.configValues, changed.versionNumber]).toEqual([{ limit: 6 }, 2]);
  });
});

test("a provider that does not exist, or still has sources, is refused", async () => {
  await expect(create({ providerId: "aaaaaaaaaaaa" })).rejects.toMatchObject({
    problem: { errors: [{ field: "body.providerId", message: "is not the id of a provider" }] },
  });
  await create();
  await expect(client.providers.delete({ params: { id: providerId } })).rejects.toMatchObject({
    problem: { code: "CONFLICT", detail: "Us has sources. Delete them first, or disable it." },
  });
});

test("a source that is deleted leaves its answers in the lookups", async () => {
  const { id } = await create({ exposure: "local" });
  const request = await client.requests.execute({ query: { data: "192.0.2.1", sourceIds: id } });
  await client.sources.delete({ params: { id } });
  const kept = await client.requests.get({ params: { id: request.id } });
  expect(kept.answers.map((answer) => answer.source.id)).toEqual([id]);
  await expect(client.requests.create({ body: { data: "192.0.2.1", sourceIds: [id] } })).rejects.toMatchObject({
    problem: { code: "UNKNOWN_SOURCE" },
  });
});
