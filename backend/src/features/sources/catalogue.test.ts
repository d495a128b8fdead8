import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Client } from "@assay/contract";
import { createLogger } from "@assay/process";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../context.ts";
import { startTestBackend, type TestBackend } from "../../testing.ts";
import { installCatalogue } from "./catalogue.ts";

const log = createLogger({ name: "test", level: "error", format: "pretty" });
let backend: TestBackend;
let client: Client;
let folder: string;
beforeAll(async () => {
  backend = await startTestBackend({ catalogueFolder: join(import.meta.dirname, "../../../../sources") });
  client = backend.client(await backend.token());
});
afterAll(() => backend.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-catalogue-"));
  return () => rm(folder, { recursive: true });
});

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const install = () => installCatalogue(backend.db, systemClock, log, folder);
const bySlug = (slug: string) => client.sources.getBySlug({ params: { slug } });
const manifest = (lines: string) => `name: Upgraded
description: A source of the catalogue
provider: upgraded
language: typescript
indicators: [IPV4]
exposure: local
reliability: B
${lines}`;
const provider = { "providers/upgraded.yaml": "name: Upgraded\ndescription: Somebody\n" };

test("the catalogue that comes with Assay is installed whole, and cannot be deleted", async () => {
  const { items } = await client.sources.list({ query: { limit: 200 } });
  expect(items.length).toBeGreaterThan(3);
  for (const source of items)
    expect([source.slug, source.catalogue, source.versionNumber]).toEqual([source.slug, true, 1]);
  const [source] = items;
  const conflict = { problem: { code: "CONFLICT", detail: expect.stringContaining("Disable it instead") } };
  await expect(client.sources.delete({ params: { id: source?.id ?? "" } })).rejects.toMatchObject(conflict);
  await expect(client.providers.delete({ params: { id: source?.providerId ?? "" } })).rejects.toMatchObject(conflict);
  const renamed = client.sources.update({ params: { id: source?.id ?? "" }, body: { slug: "mine" } });
  await expect(renamed).rejects.toMatchObject({ problem: { code: "CONFLICT" } });
});

test("an upgrade replaces what nobody changed and leaves what somebody did", async () => {
  const config = "config: { a: { type: integer, default: 1 }, b: { type: integer, default: 1 } }";
  await write({
    ...provider,
    "upgraded/source.yaml": manifest(`timeout: 5s\n${config}`),
    "upgraded/source.ts": "// 1",
  });
  await install();
  expect(await install()).toBe(0);
  const first = await bySlug("upgraded");
  expect(first).toMatchObject({
    language: "JAVASCRIPT",
    code: "// 1",
    timeoutMs: 5000,
    maxTlp: "RED",
    versionNumber: 1,
  });
  await client.sources.update({
    params: { id: first.id },
    body: { reliability: "A", enabled: false, configValues: { a: 2, b: 2 } },
  });

  const next = `timeout: 9s\nhosts: [example.org]\nconfig: { b: { type: integer, default: 3 } }`;
  await write({
    "upgraded/source.yaml": manifest(next).replace("reliability: B", "reliability: C"),
    "upgraded/source.ts": "// 2",
    "providers/upgraded.yaml": "name: Upgraded\ndescription: Somebody else\n",
  });
  expect(await install()).toBe(2);
  expect(await bySlug("upgraded")).toMatchObject({
    id: first.id,
    code: "// 2",
    timeoutMs: 9000,
    hosts: ["example.org"],
    reliability: "A",
    enabled: false,
    configValues: { b: 2 },
    versionNumber: 3,
  });
  const { description } = await client.providers.get({ params: { id: first.providerId } });
  expect(description).toBe("Somebody else");
  const told = (await client.events.list({ query: { objectId: first.id } })).items;
  expect(told.map(({ action, actor }) => [action, actor.type])).toEqual([
    ["source.upgrade", "system"],
    ["source.update", "apiToken"],
    ["source.install", "system"],
  ]);
});

test("code that somebody changed stays, together with its language", async () => {
  await write({ ...provider, "edited/source.yaml": manifest(""), "edited/source.ts": "// 1" });
  await install();
  const { id } = await bySlug("edited");
  await backend.db.prisma.source.update({ where: { id }, data: { code: "// mine", codeHash: "0".repeat(64) } });
  await write({ "edited/source.yaml": manifest("").replace("typescript", "python"), "edited/source.py": "# 2" });
  await install();
  expect(await bySlug("edited")).toMatchObject({ code: "// mine", language: "JAVASCRIPT" });
});

test("what the catalogue drops becomes the user's own, and is taken back when it returns", async () => {
  await write({ ...provider, "dropped/source.yaml": manifest(""), "dropped/source.ts": "// 1" });
  await install();
  await rm(join(folder, "dropped"), { recursive: true });
  await install();
  expect((await bySlug("dropped")).catalogue).toBe(false);
  await write({ "dropped/source.yaml": manifest(""), "dropped/source.ts": "// 2" });
  await install();
  expect(await bySlug("dropped")).toMatchObject({ catalogue: true, code: "// 2" });
});

test("a source of the user's own is never overwritten by one of the catalogue", async () => {
  await client.providers.create({ body: { name: "Mine", slug: "taken" } });
  await write({ "providers/taken.yaml": "name: Theirs\ndescription: x\n" });
  await install();
  expect((await client.providers.getBySlug({ params: { slug: "taken" } })).name).toBe("Mine");
});

test("two nodes that start at once install it once", async () => {
  await write({ ...provider, "once/source.yaml": manifest(""), "once/source.ts": "// 1" });
  const written = await Promise.all([install(), install()]);
  expect(written.toSorted((a, b) => a - b)[0]).toBe(0);
});

test("every fault of the files is told with file and field, and nothing is installed", async () => {
  await write({
    ...provider,
    "bad/source.yaml": manifest("hosts: [HTTP://X]\ncolour: red").replace("[IPV4]", "[IPV9]"),
    "yaml/source.yaml": "name: [",
    "codeless/source.yaml": manifest(""),
    "orphan/source.yaml": manifest("").replace("provider: upgraded", "provider: nobody"),
  });
  const error = await install().catch((reason: Error) => reason.message);
  expect(error).toContain(`The catalogue in ${folder} has faults:`);
  expect(error).toMatch(/bad\/source.yaml: indicators.0: must be one of IPV4, IPV6/);
  expect(error).toMatch(/bad\/source.yaml: hosts.0: must be a host in lower case/);
  expect(error).toContain("bad/source.yaml: colour: is not known");
  expect(error).toMatch(/yaml\/source.yaml: This is not YAML: .* \(line 1, column 8\)/);
  expect(error).toContain("codeless/source.yaml: language: is typescript, but there is no source.ts");
  expect(error).toContain("orphan/source.yaml: provider: there is no providers/nobody.yaml");
});
