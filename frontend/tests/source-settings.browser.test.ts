import { type Stack, startStack } from "@assay/tests";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser, signIn, type Visit, visit } from "./browser.ts";

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
  const provider = await stack.client.providers.create({ body: { name: "Example" } });
  await stack.client.sources.create({
    body: {
      name: "Threshold",
      code: `export const fetchData = (indicator, { config }) => ({ data: config, verdict: config.least <= 5 ? "malicious" : "none" });`,
      providerId: provider.id,
      language: "JAVASCRIPT",
      supportedIndicators: ["IPV4"],
      exposure: "local",
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
    },
  });
});
afterAll(async () => {
  await browser?.close();
  await stack?.close();
});

async function signedIn(path: string, widthPx = 1440): Promise<Visit> {
  const guest = await visit(browser, stack.url, widthPx);
  await guest.page.goto(path);
  await signIn(guest.page, stack.adminEmail, stack.adminPassword);
  await guest.page.getByRole("navigation", { name: "Assay" }).waitFor();
  return guest;
}
const verdict = async () => (await stack.client.requests.execute({ query: { data: "192.0.2.1" } })).verdict;
const current = () => stack.client.sources.getBySlug({ params: { slug: "threshold" } });

it("sets the values of a source's settings and how far it is trusted, says what is not allowed, and goes back to defaults", async () => {
  expect(await verdict()).toMatchObject({ rule: "R4" });
  const { page, faults, close } = await signedIn("/sources/threshold");
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
  await stack.client.sources.update({ params: { id }, body: { description: "Changed elsewhere" } });
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
  const { page, faults, close } = await signedIn("/settings/server", 390);
  const group = page.getByRole("list", { name: "Verdict" });
  await group.getByLabel("URLs stay fresh for").fill("7");
  await group
    .getByRole("listitem")
    .filter({ hasText: "URLs stay fresh for" })
    .getByRole("button", { name: "Save" })
    .click();
  await group.getByText("Back to 14 days").waitFor();
  const lookup = await stack.client.requests.execute({ query: { data: "https://example.org/" } });
  expect(lookup.verdict.freshDays).toBe(7);
  await page.goto("/sources/threshold");
  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByLabel("Engines").waitFor();
  const overflowPx = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflowPx).toBeLessThanOrEqual(0);
  expect(faults).toEqual([]);
  await close();
});
