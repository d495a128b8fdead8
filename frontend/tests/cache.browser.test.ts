import { expect, it } from "vitest";
import { addSource, lookUp, openSite } from "./browser.ts";

const site = openSite(async (client) => {
  await addSource(client, {
    name: "Remembering",
    code: `export const fetchData = () => ({ data: { at: Date.now() }, verdict: "suspicious" });`,
    cacheLifetimes: { foundSeconds: 86_400, notFoundSeconds: 3_600, failedSeconds: 0, staleSeconds: 0 },
  });
  await addSource(client, {
    name: "Forgetting",
    code: `export const fetchData = () => ({ data: { at: Date.now() }, verdict: "none" });`,
  });
});

it("tells what came from the cache, asks anew on request, and clears by source", async () => {
  const { page, faults, close } = await site.signedIn("/");
  const strip = page.locator("[data-strip]", { hasText: "Remembering" });
  await lookUp(page, "203.0.113.77");
  await strip.getByText("Suspicious").waitFor();
  expect(await strip.getByText("cached").count()).toBe(0);
  await page.getByRole("button", { name: "Look up again" }).click();
  await strip.getByText("cached").waitFor();
  await strip.click();
  await page.getByRole("tab", { name: "Timing" }).click();
  await page.getByText("From the cache").last().waitFor();
  await page.getByRole("button", { name: "Refresh" }).click();
  await strip.getByText("cached").waitFor({ state: "detached" });
  await strip.getByText("Suspicious").waitFor();

  await page.getByRole("link", { name: "Cache" }).click();
  await page.getByText("Memory of this node").waitFor();
  const entry = page.getByRole("listitem", { name: "203.0.113.77 of Remembering" });
  await entry.getByText("Suspicious").waitFor();
  await page.getByLabel("Of the indicator").fill("198.51.100.1");
  await page.getByLabel("Of the indicator").press("Enter");
  await page.getByText("No answer fits").waitFor();
  await page.getByLabel("Of the indicator").fill("203.0.113[.]77");
  await page.getByLabel("Of the indicator").press("Enter");
  await entry.waitFor();
  await page.getByRole("button", { name: "Clear these" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Clear", exact: true }).click();
  await entry.waitFor({ state: "detached" });

  await page.getByRole("link", { name: "Sources" }).click();
  await page.getByRole("link", { name: /Remembering/ }).click();
  await page.getByText("Found: 24 h").waitFor();
  await page.getByLabel("Keep its answers").click();
  await page.getByText("It is asked by every lookup").waitFor();
  await page.goto("/sources/forgetting");
  await page.getByText("its answers are not kept").waitFor();
  expect(await page.getByLabel("Keep its answers").count()).toBe(0);
  await page.getByLabel("Share its calls").click();
  await page.getByText("It is asked by every lookup").waitFor();
  expect(faults).toEqual([]);
  await close();
});

it("names its limit in the unit of the setting, fits a telephone, and folds sources that keep nothing", async () => {
  for (const data of ["203.0.113.78", "203.0.113.78"]) {
    await site.client.requests.create({ query: { wait: "30s" }, body: { data } });
  }
  const { page, faults, close } = await site.signedIn("/cache", 390);
  await page.getByText(/of \d+ MiB/).waitFor();
  const use = page.getByRole("region", { name: "Use" });
  await use.getByRole("button", { name: "Remembering" }).waitFor();
  await use.getByText(/\d+ sources? (was|were) asked .* nothing of that is kept/).waitFor();
  const columnRight = await use
    .getByRole("cell")
    .last()
    .evaluate((cell) => cell.getBoundingClientRect().right);
  expect(columnRight).toBeLessThanOrEqual(390);
  expect(faults).toEqual([]);
  await close();
});

it("is for administrators only", async () => {
  const { user, password } = await site.client.users.create({
    body: { email: "analyst@assay.test", name: "Analyst", roles: ["analyst"] },
  });
  const guest = await site.signedIn("/cache", 390, { email: user.email, password: password ?? "" });
  await guest.page.getByText("You may not see the cache").waitFor();
  expect(await guest.page.getByRole("link", { name: "Cache" }).count()).toBe(0);
  await guest.close();
});
