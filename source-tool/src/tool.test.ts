import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runTool } from "./tool.ts";

// Guarantee: from an empty folder to a source that passes, and told where and why when it does not, in every language.
let catalogue: string;
beforeAll(() => {
  catalogue = mkdtempSync(join(tmpdir(), "assay-tool-"));
});
afterAll(() => rmSync(catalogue, { recursive: true, force: true }));

let said: string[];
beforeEach(() => {
  said = [];
});

const readSecret = () => Promise.reject(new Error("nobody is asked"));

/** The exit code; what was said is in `said`, one line each. */
function tool(...args: string[]): Promise<number> {
  const say = (text: string) => void said.push(...text.split("\n"));
  const terminal = { out: say, err: say, paint: (_: string, text: string) => text, readSecret };
  return runTool(args, { terminal, env: {}, signal: new AbortController().signal });
}
const make = (slug: string, ...options: string[]) => tool("new", slug, "--in", catalogue, ...options);
const edit = (file: string, from: string, to: string) => {
  const path = join(catalogue, file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
};

test.each(["javascript", "typescript", "python"])(
  "a new source in %s passes check and test as it is",
  async (language) => {
    const slug = `new-${language}`;
    expect(await make(slug, "--language", language, "--provider", "newcomer")).toBe(0);
    const folder = join(catalogue, slug);
    expect(await tool("check", folder)).toBe(0);
    expect(said.at(-1)).toBe("✓ nothing wrong in 1 source");
    expect(await tool("test", folder)).toBe(0);
    expect(said.at(-1)).toBe("5 passed, 0 failed");
    expect(await tool("test", folder, "-t", "outage")).toBe(0);
    expect(said.at(-1)).toBe("1 passed, 0 failed");
  },
);

test("new overwrites nothing, and refuses what cannot be a source", async () => {
  await make("once");
  const before = readFileSync(join(catalogue, "once/source.js"), "utf8");
  expect(await make("once", "--language", "python")).toBe(2);
  expect(said.at(-1)).toContain("is there already");
  expect(readFileSync(join(catalogue, "once/source.js"), "utf8")).toBe(before);
  for (const [slug, reason] of [
    ["../out", "cannot be the slug"],
    ["Upper", "cannot be the slug"],
    ["providers", "is a folder of the catalogue itself"],
  ] as const) {
    expect(await make(slug)).toBe(2);
    expect(said.at(-1)).toContain(reason);
  }
  expect(await make("404", "--provider", "1e3")).toBe(0);
  expect(await tool("check", join(catalogue, "404"))).toBe(0);
  expect(await make("fine", "--language", "pyhton")).toBe(2);
  expect(said.at(-1)).toBe('There is no language "pyhton". Did you mean "python"?');
});

test.each([
  ["javascript", "source.js", "return context.notFound();", "return [context.notFound();", 7],
  ["typescript", "source.ts", "const reports = found?.reports;", "const reports: = found?.reports;", 9],
  ["python", "source.py", "found = response.json()", "found = = response.json()", 11],
])(
  "check tells what is wrong in manifest, %s code and cases, each with its line",
  async (...[language, file, from, to, line]) => {
    const slug = `faulty-${language}`;
    await make(slug, "--language", language);
    edit(`${slug}/source.yaml`, "exposure: passive", "exposure: pasive\nhost: []");
    edit(`${slug}/${file}`, from, to);
    edit(`${slug}/fixtures/cases.yaml`, "status: 404", "stauts: 404");
    expect(await tool("check", join(catalogue, slug))).toBe(1);
    const told = said.filter((text) => / error /.test(text)).map((text) => text.replace(/^\S*\/(?=faulty)/, ""));
    expect(told).toEqual([
      `${slug}/source.yaml:8:1 error exposure: must be one of local, passive, active, public`,
      `${slug}/source.yaml:9:1 error host: is not known. Did you mean "hosts"?`,
      expect.stringMatching(new RegExp(`^${slug}/${file}:${line}(:\\d+)? error `)),
      expect.stringMatching(new RegExp(`^${slug}/fixtures/cases.yaml:15:\\d+ error 1.upstream.0.stauts: .*"status"`)),
    ]);
    expect(await tool("test", join(catalogue, slug))).toBe(2);
    expect(said.at(-1)).toContain("assay-source check");
  },
);

test("check warns of hosts that only code or manifest names, of a provider that is not there, and of missing cases", async () => {
  await make("gaps");
  edit("gaps/source.yaml", "hosts: [api.example.com]", "hosts: [api.example.org]");
  edit("gaps/source.yaml", "provider: gaps", "provider: gasp");
  edit("gaps/source.yaml", "[IPV4]", "[IPV4, DOMAIN]");
  expect(await tool("check", join(catalogue, "gaps"))).toBe(1);
  const told = said.join("\n");
  expect(told).toMatch(/source\.yaml:4:1 error provider: there is no \S*gasp\.yaml\. Did you mean "gaps"\?/);
  expect(told).toMatch(/source\.js:6:\d+ warning "api\.example\.com" is not in the manifest's hosts/);
  expect(told).toMatch(/source\.yaml:12:9 warning hosts\.0: "api\.example\.org" is not in the code/);
  expect(told).toMatch(/cases\.yaml warning no case asks about the kind DOMAIN/);
});

test("test shows what was expected beside what was answered, and names requests that no case lists", async () => {
  await make("differs", "--language", "python");
  edit("differs/fixtures/cases.yaml", "verdict: suspicious", "verdict: benign");
  edit("differs/fixtures/cases.yaml", "/v1/ip/198.51.100.8", "/v2/ip/198.51.100.8");
  expect(await tool("test", join(catalogue, "differs"))).toBe(1);
  const told = said.map((text) => text.trimEnd()).join("\n");
  expect(told).toContain("✗ reported often\n    answered otherwise than expected\n");
  expect(told).toMatch(/- {3}verdict: benign\n\s+\+ {3}verdict: suspicious/);
  expect(told).toContain("asked for what the case does not list: GET https://api.example.com/v1/ip/198.51.100.8");
  expect(told).toContain("never asked for what the case lists: GET https://api.example.com/v2/ip/198.51.100.8");
  expect(said.at(-1)).toBe("3 passed, 2 failed");
});

test("what is not known is refused with what was meant, and nothing is done", async () => {
  for (const [args, answer] of [
    [["chek"], 'There is no command "chek". Did you mean "check"?'],
    [["new", "slug", "--langauge", "python"], "There is no option --langauge. Did you mean --language?"],
    [["test", "-t"], "-t needs a value."],
    [["new", "a", "b"], '"b" is one word too many.'],
    [["check", "nowhere-at-all"], 'There is no folder "nowhere-at-all"'],
    [["check", catalogue], "it has no source.yaml"],
  ] as const) {
    expect(await tool(...args), args.join(" ")).toBe(2);
    expect(said.at(-1)).toContain(answer);
  }
  for (const command of ["new", "check", "run", "record", "test"]) {
    expect(await tool(command, "--help")).toBe(0);
    expect(said.join("\n")).toContain(`Usage: npx assay-source ${command}`);
  }
});

test("the program that npx starts is this tool", async () => {
  const bin = join(import.meta.dirname, "../bin/assay-source.js");
  const { stdout } = await promisify(execFile)(process.execPath, [bin, "--help"]);
  expect(stdout).toContain("Usage: npx assay-source <command>");
});
