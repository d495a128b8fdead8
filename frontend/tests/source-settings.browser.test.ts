import { expect, it } from "vitest";
import { addSource, openSite, overflowPx } from "./browser.ts";

const site = openSite((client) =>
  addSource(client, {
    name: "Threshold",
    code: `export const fetchData = (indicator, { config }) => ({ data: config, verdict: config.least <= 5 ? "malicious" : "none" });`,
    config: {
      least: {
        type: "integer",
        title: "Engines",
        description: "So many and more are malicious",
        default: 5,
        minimum: 1,
        maximum: 90,
      },
      share: { type: "number", default: 0.5 },
      strict: { type: "boolean", default: false },
      mode: { type: "string", enum: ["fast", "whole"], default: "fast" },
      label: { type: "string", maxLength: 20, default: "" },
    },
  }),
);

const verdict = async () => (await site.client.requests.execute({ query: { data: "192.0.2.1" } })).verdict;
const current = () => site.client.sources.getBySlug({ params: { slug: "threshold" } });

it("sets the values of a source's settings and how far it is trusted, says what is not allowed, and goes back to defaults", async () => {
  expect(await verdict()).toMatchObject({ rule: "R4" });
  const { page, faults, close } = await site.signedIn("/sources/threshold");
  await page.getByRole("tab", { name: "Settings" }).click();
  const form = page.getByRole("form", { name: "Settings of the source" });
  const save = form.getByRole("button", { name: "Save settings" });
  expect(await save.isDisabled()).toBe(true);
  await form.getByLabel("Engines").fill("91");
  await form.getByText("must be 90 or less").waitFor();
  await form.getByLabel("Engines").fill("");
  await form.getByText("must be a number").waitFor();
  expect(await save.isDisabled()).toBe(true);
  await form.getByLabel("Engines").fill("7");
  await form.getByLabel("strict").selectOption("yes");
  await form.getByLabel("mode").selectOption("whole");
  await form.getByLabel("label").fill("ours");
  await save.click();
  await expect
    .poll(async () => (await current()).configValues)
    .toEqual({
      ...{ least: 7, strict: true, mode: "whole", label: "ours" },
    });
  expect(await verdict()).toMatchObject({ rule: "R6" });

  await form.getByRole("button", { name: "Reset least to its default" }).click();
  await form.getByLabel("Reliability").selectOption("A");
  await save.click();
  await expect.poll(async () => (await current()).reliability).toBe("A");
  const { configValues, versionNumber, codeHash } = await current();
  expect([configValues, versionNumber]).toEqual([{ strict: true, mode: "whole", label: "ours" }, 2]);
  expect(await verdict()).toMatchObject({ rule: "R2" });

  const { id } = await current();
  await site.client.sources.update({ params: { id }, body: { description: "Changed elsewhere" } });
  expect((await current()).codeHash).toBe(codeHash);
  await form.getByLabel("share").fill("0.25");
  await save.click();
  await form.getByText(/has been changed in the meantime/).waitFor();
  await form.getByRole("button", { name: "Show it as it is now" }).click();
  await page.getByText("Changed elsewhere").waitFor();
  await form.getByLabel("share").fill("0.25");
  await save.click();
  await expect.poll(async () => (await current()).configValues).toMatchObject({ share: 0.25 });
  expect(faults).toEqual([]);
  await close();
});

it("sets how long opinions stay fresh, and fits a telephone", async () => {
  const { page, faults, close } = await site.signedIn("/settings/server", 390);
  const group = page.getByRole("list", { name: "Verdict" });
  await group.getByLabel("URLs stay fresh for").fill("7");
  await group
    .getByRole("listitem")
    .filter({ hasText: "URLs stay fresh for" })
    .getByRole("button", { name: "Save" })
    .click();
  await group.getByText("Back to 14 days").waitFor();
  const lookup = await site.client.requests.execute({ query: { data: "https://example.org/" } });
  expect(lookup.verdict.freshDays).toBe(7);
  await page.goto("/sources/threshold");
  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByLabel("Engines").waitFor();
  expect(await overflowPx(page)).toBeLessThanOrEqual(0);
  expect(faults).toEqual([]);
  await close();
});

it.each([1440, 390])("jumps to a part of the server's settings by keyboard, at %d px", async (widthPx) => {
  const { page, faults, close } = await site.signedIn("/settings/server", widthPx);
  const links = page.getByRole("navigation", { name: "Parts of the settings" });
  const topOf = (name: string) =>
    page.getByRole("heading", { name, exact: true }).evaluate((heading) => heading.getBoundingClientRect().top);
  await links.getByRole("link", { name: "Retention" }).focus();
  await page.keyboard.press("Enter");
  const line = await links.evaluate((nav) => nav.getBoundingClientRect().bottom);
  await expect.poll(() => topOf("Retention")).toBeLessThan(line + 40);
  expect(await topOf("Retention")).toBeGreaterThanOrEqual(line);
  // Who goes on with Tab is in that part.
  await page.keyboard.press("Tab");
  const parts = page.getByRole("region", { name: "Retention" });
  expect(await parts.evaluate((part) => part.contains(document.activeElement))).toBe(true);

  // One line, however narrow; the last link is reached all the same.
  const tops = await links.getByRole("link").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  expect(new Set(tops).size).toBe(1);
  await links.getByRole("link", { name: "Audit" }).focus();
  expect(
    await links.getByRole("link", { name: "Audit" }).evaluate((link) => link.getBoundingClientRect().right),
  ).toBeLessThanOrEqual(widthPx);
  expect(await overflowPx(page)).toBeLessThanOrEqual(0);

  await page.goto("/");
  await page.goto("/settings/server#settings-network");
  await expect.poll(() => topOf("Network")).toBeLessThan(900);
  expect(faults).toEqual([]);
  await close();
});
