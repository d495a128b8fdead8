import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ProviderManifest } from "@assay/contract";
import {
  caseProblems,
  missingCases,
  openReplay,
  openSandboxes,
  readCases,
  readSource,
  type Replay,
  sourceFolders,
  wholeSource,
} from "@assay/source-tool";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// Guarantee: what the catalogue ships works in the real sandbox, behind the real broker, on every answer its upstream gives.
const catalogue = dirname(fileURLToPath(import.meta.url));
const sources = sourceFolders(catalogue).map((folder) => {
  const source = wholeSource(readSource(folder));
  return { slug: source.slug, source, manifest: source.manifest, cases: readCases(folder) };
});

let replay: Replay;
let close: () => Promise<void>;

beforeAll(async () => {
  const sandboxes = await openSandboxes({ sandbox: "on", python: "/usr/bin/python3" });
  replay = await openReplay(
    sandboxes,
    sources.flatMap(({ cases }) => cases),
  );
  close = async () => {
    await replay.close();
    await sandboxes.close();
  };
});

afterAll(() => close());

test("every provider's manifest is valid, and every source names a provider of the catalogue", () => {
  const slugs = readdirSync(join(catalogue, "providers")).map((file) => basename(file, ".yaml"));
  for (const slug of slugs) {
    const text = readFileSync(join(catalogue, "providers", `${slug}.yaml`), "utf8");
    expect(ProviderManifest.safeParse(parse(text)).error, slug).toBeUndefined();
  }
  for (const { slug, manifest } of sources) expect(slugs, slug).toContain(manifest.provider);
});

describe.each(sources)("$slug", ({ source, manifest, cases }) => {
  test("has a case for every kind, and for every way in which its upstream can answer", () => {
    expect(missingCases(manifest, cases)).toEqual([]);
  });

  test.each(cases)("$name", async (fixture) => {
    const problems = caseProblems(fixture, await replay.run(source, fixture));
    const told = problems.map(({ text, difference }) => [
      text,
      ...difference.map((line) => `${line.sign} ${line.text}`),
    ]);
    expect(told).toEqual([]);
  });
});
