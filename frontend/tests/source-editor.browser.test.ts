import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { templateOf } from "../src/features/sources/edit/source-templates.ts";
import { addSource, openSite } from "./browser.ts";

const site = openSite();

const editor = (page: Page, file: "Code" | "Manifest") => page.getByRole("textbox", { name: file, exact: true });
const problems = (page: Page) => page.getByRole("region", { name: "Problems" });
const source = (slug: string) => site.client.sources.getBySlug({ params: { slug } });

/** Replaces all that stands in an editor, as somebody who pastes. */
async function write(page: Page, file: "Code" | "Manifest", text: string): Promise<void> {
  await page.getByRole("tab", { name: file }).click();
  await editor(page, file).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

const code = (answer: string) => `export function fetchData(indicator, context) {
  context.log.info("looked at", indicator.data);
  return ${answer};
}
`;

const newSource = async (name: string): Promise<string> =>
  (await addSource(site.client, { name, description: "For the test", code: code("{ data: 1 }") })).slug;

it("makes a source from a template, shows what is wrong at its line, tries it unsaved, and saves it", async () => {
  const { page, faults, close } = await site.signedIn("/sources");
  await page.getByRole("link", { name: "New source" }).click();
  const form = page.getByRole("form", { name: "New source" });
  await form.getByLabel("Name", { exact: true }).fill("Streak");
  await form.getByLabel("Name of the new provider").fill("Touchstone");
  await form.getByRole("button", { name: "Start writing" }).click();
  await form.getByText("Choose at least one kind").waitFor();
  await form.getByRole("checkbox", { name: "IPv4 address" }).check();
  await form.getByRole("button", { name: "Start writing" }).click();
  await problems(page).getByText("No problems found").waitFor();

  await write(page, "Code", "export function fetchData() {\n  return { data: 1;\n}\n");
  await problems(page)
    .getByRole("button", { name: /Error Code 2:/ })
    .click();
  await expect.poll(() => page.locator(".cm-activeLine").filter({ visible: true }).innerText()).toContain("data: 1;");
  expect(await page.locator(".cm-lint-marker-error").filter({ visible: true }).count()).toBe(1);
  await page.getByRole("button", { name: "Save and turn on" }).click();
  await page.getByText("It was not saved").waitFor();
  await expect(source("streak")).rejects.toMatchObject({ problem: { code: "NOT_FOUND" } });

  await write(page, "Code", code('{ data: { seen: 3 }, verdict: "suspicious" }'));
  await page.getByRole("tab", { name: "Manifest" }).click();
  await editor(page, "Manifest").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("expsure: local\n");
  await problems(page)
    .getByRole("button", { name: /Error Manifest .*expsure.*Did you mean "exposure"/ })
    .waitFor();
  await page.getByText("Correct the manifest, and the code can be tried").waitFor();
  await page.keyboard.press("Control+z");
  await expect.poll(() => editor(page, "Manifest").innerText()).not.toContain("expsure");

  const tryIt = page.getByRole("region", { name: "Try it" });
  await tryIt.getByLabel("Indicator").fill("198[.]51[.]100[.]7");
  await tryIt.getByRole("button", { name: "Run" }).click();
  const result = page.getByRole("region", { name: "Result" });
  await result.getByText("seen:").waitFor();
  expect(await result.innerText()).toMatch(/^\s*Suspicious/);
  await result.getByRole("tab", { name: /Logs/ }).click();
  await result.getByText("looked at").waitFor();
  await expect(source("streak")).rejects.toMatchObject({ problem: { code: "NOT_FOUND" } });

  await page.getByRole("button", { name: "Save and turn on" }).click();
  await page.waitForURL("**/sources/streak/edit");
  await page.getByRole("heading", { name: "Edit Streak" }).waitFor();
  const saved = await source("streak");
  expect(saved).toMatchObject({ enabled: true, versionNumber: 1, supportedIndicators: ["IPV4"] });
  expect([saved.provider.name, saved.hosts, saved.code]).toEqual([
    "Touchstone",
    ["api.example.com"],
    code('{ data: { seen: 3 }, verdict: "suspicious" }'),
  ]);
  expect(faults).toEqual([]);
  await close();
});

it("has a template for every language that compiles and fits its manifest", async () => {
  for (const language of ["javascript", "typescript", "python"] as const) {
    const draft = templateOf({ name: "New", provider: "us", language, indicators: ["IPV4"] });
    const checked = site.client.sources.check({
      body: { language: language === "python" ? "PYTHON" : "JAVASCRIPT", ...draft },
    });
    expect([language, await checked]).toEqual([language, { diagnostics: [], manifestDiagnostics: [] }]);
  }
});

it("helps to write: completion, indents, search, undo, and a way out for keyboards", async () => {
  const { page, faults, close } = await site.signedIn(`/sources/${await newSource("Keys")}/edit`);
  await editor(page, "Code").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.type("export function fetchData(indicator, context) {");
  await page.keyboard.press("Enter");
  await page.keyboard.type("return context.not");
  await page.getByRole("option", { name: /^notFound/ }).click();
  await expect.poll(() => editor(page, "Code").innerText()).toContain("  return context.notFound");
  await page.keyboard.type("(); // a?b/c");
  await expect.poll(() => editor(page, "Code").innerText()).toContain("a?b/c");
  expect(await page.getByRole("dialog").count()).toBe(0);

  await page.keyboard.press("Control+f");
  await page.getByLabel("Find in the code").fill("context");
  await page.getByText("2 found").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Backspace");
  await expect.poll(() => editor(page, "Code").innerText()).not.toContain("fetchData");
  await page.keyboard.press("Control+z");
  await expect.poll(() => editor(page, "Code").innerText()).toContain("fetchData");

  await page.keyboard.press("Tab");
  const isIn = () => editor(page, "Code").evaluate((node) => (node.getRootNode() as ShadowRoot).activeElement === node);
  expect(await isIn()).toBe(true);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  expect(await isIn()).toBe(false);
  expect(faults).toEqual([]);
  await close();
});

it("asks before unsaved work is lost, and never overwrites what somebody else has saved without saying so", async () => {
  const slug = await newSource("Shared");
  const { id } = await source(slug);
  const { page, faults, close } = await site.signedIn(`/sources/${slug}/edit`);
  await write(page, "Code", code('{ data: "mine" }'));
  await page.getByRole("link", { name: "Look up" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Stay" }).click();
  expect(new URL(page.url()).pathname).toBe(`/sources/${slug}/edit`);

  await site.client.sources.update({ params: { id }, body: { code: code('{ data: "theirs" }') } });
  await page.keyboard.press("Control+s");
  await page.getByText("Somebody else has saved this source").waitFor();
  expect((await source(slug)).code).toContain("theirs");
  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByRole("region", { name: "Differences of the code" }).getByText("theirs").waitFor();
  await page.getByRole("button", { name: "Go on with mine" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved as version 3").waitFor();
  await page.getByRole("status").getByText("Saved", { exact: true }).waitFor();
  expect(await source(slug)).toMatchObject({ code: code('{ data: "mine" }'), versionNumber: 3 });

  await write(page, "Code", code('{ data: "again" }'));
  await site.client.sources.update({ params: { id }, body: { tags: ["theirs"] } });
  await page.keyboard.press("Control+s");
  await page.getByRole("button", { name: "Take version 4" }).click();
  await expect.poll(() => editor(page, "Code").innerText()).toContain("mine");
  await page.getByRole("status").getByText("Saved", { exact: true }).waitFor();

  await page.getByRole("link", { name: "Shared" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete source" }).click();
  await page.getByRole("heading", { name: "Sources" }).first().waitFor();
  await expect(source(slug)).rejects.toMatchObject({ problem: { code: "NOT_FOUND" } });
  expect(faults).toEqual([]);
  await close();
});
