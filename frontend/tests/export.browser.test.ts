import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { addSource, openSite, overflowPx } from "./browser.ts";

const site = openSite(async (client) => {
  const { id } = await addSource(client, {
    name: "Accuser",
    code: `export const fetchData = ({ data }) => ({ data, verdict: "malicious", labels: [String(Math.random())],
             reasons: [{ code: "SEEN", text: "Seen at https://evil.example/" + data }] });`,
    supportedIndicators: ["IPV4", "DOMAIN"],
    reliability: "A",
  });
  for (const data of ["198.51.100.7", "198.51.100.7", "203.0.113.9", "mail.evil.example"]) {
    await client.requests.create({ query: { wait: "20s" }, body: { data, sourceIds: [id] } });
  }
});

async function download(page: Page, item: RegExp): Promise<{ readonly name: string; readonly text: string }> {
  await page.getByRole("button", { name: "Export" }).click();
  const saved = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: item }).click();
  const file = await saved;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

const rows = (page: Page) => page.getByRole("list", { name: "Lookups" }).getByRole("listitem");

it("narrows the history in the words of an analyst, on a telephone too, and exports what is shown", async () => {
  for (const widthPx of [1440, 390]) {
    const { page, faults, close } = await site.signedIn("/lookups", widthPx);
    await expect.poll(() => rows(page).count()).toBe(4);
    await page.getByLabel("Matched").selectOption("Within network");
    await page.getByRole("searchbox", { name: "Indicator" }).fill("198.51.100.0/24");
    await page.keyboard.press("Enter");
    await expect.poll(() => rows(page).count()).toBe(2);
    const { name, text } = await download(page, /CSV.*per lookup/);
    expect(name).toMatch(/^assay-lookups-[\d-]+\.csv$/);
    expect(text.trimEnd().split("\r\n")).toHaveLength(3);

    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByLabel("Matched").selectOption("Domain and below");
    await page.getByRole("searchbox", { name: "Indicator" }).fill("evil[.]example");
    await page.keyboard.press("Enter");
    await expect.poll(() => rows(page).count()).toBe(1);
    await page.getByRole("button", { name: "More filters" }).click();
    await page.getByLabel("Source came to").selectOption("Failed");
    await page.getByText("No lookup fits").waitFor();
    expect(await overflowPx(page)).toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
    await close();
  }
});

it("saves a lookup, copies it defanged, says by whom it was seen before, and shows what changed since", async () => {
  const { page, faults, close } = await site.signedIn("/lookups", 1440);
  const [latest] = (await site.client.requests.list({ query: { data: "198.51.100.7" } })).items;
  await page.goto(`/lookups/${latest?.id}`);
  const stix = await download(page, /STIX 2\.1/);
  expect(stix.name).toBe(`assay-lookup-${latest?.id}.stix.json`);
  expect(JSON.parse(stix.text)).toMatchObject({ type: "bundle" });
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: "Copy as Markdown" }).click();
  await page.getByText("Copied as Markdown, defanged").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("## `198[.]51[.]100[.]7`");
  expect(copied).toContain("hxxps[://]evil[.]example/198[.]51[.]100[.]7");

  await page.getByRole("button", { name: /^Seen once more, last .* by / }).click();
  await page.getByRole("link", { name: "Compare" }).click();
  await page.getByRole("heading", { name: "What changed" }).waitFor();
  const changed = page.getByRole("list", { name: "Sources that changed" });
  await changed.getByText("removed").waitFor();
  expect(await changed.getByText(/^label: 0\.\d+/).count()).toBe(2);
  expect(faults).toEqual([]);
  await close();
});
