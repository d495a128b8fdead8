import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { addSource, lookUp, openSite, overflowPx, switchSourcesOff } from "./browser.ts";

/** Domains point to a host below them that is malicious; one below "slow." never answers. */
const code = `export async function fetchData({ data }) {
  if (data.startsWith("c2.slow.")) await new Promise(() => {});
  const below = { kind: "DOMAIN", data: "c2." + data, type: "contacted_by" };
  return { data: 1, verdict: data.startsWith("c2.") ? "malicious" : "none", relations: data.length > 40 ? [] : [below] };
}`;
const site = openSite(async (client) => {
  await switchSourcesOff(client);
  await addSource(client, {
    ...{ name: "Related", code, supportedIndicators: ["DOMAIN"], reliability: "A", timeoutMs: 100_000 },
  });
});

const followed = (page: Page) => page.getByRole("article", { name: "Followed" });

async function wishFor(page: Page, steps: string): Promise<void> {
  await page.getByRole("button", { name: /^Options/ }).click();
  await page.getByLabel("Look up related ones").selectOption({ label: steps });
  await page.keyboard.press("Escape");
}

it("follows what a lookup points to, shows the tree with its verdicts, and leads from each to its own page and back", async () => {
  const { page, faults, close } = await site.signedIn("/");
  await wishFor(page, "2 steps");
  await lookUp(page, "start.example");
  const panel = followed(page);
  await panel.getByText("Followed: 2 indicators, 2 malicious").waitFor({ timeout: 30_000 });
  await panel.getByText("contacted by").first().waitFor();
  await page
    .getByRole("region", { name: "Related indicators" })
    .getByRole("link", { name: "Looked up once, last: malicious" })
    .waitFor();
  await panel.getByRole("link", { name: "c2.start.example", exact: true }).click();
  await page.getByRole("heading", { name: "c2.start.example", exact: true }).waitFor();
  await followed(page).getByText("Followed: 1 indicator, 1 malicious").waitFor();
  await page.getByRole("link", { name: "Found by another lookup: contacted by" }).click();
  await page.getByRole("heading", { name: "start.example", exact: true }).waitFor();
  expect(faults).toEqual([]);
  await close();
});

it("stops what is still followed", async () => {
  const { page, faults, close } = await site.signedIn("/");
  await wishFor(page, "1 step");
  await lookUp(page, "slow.example");
  await followed(page).getByText("Followed: 1 indicator, still going on").waitFor({ timeout: 30_000 });
  await followed(page).getByRole("button", { name: "Stop" }).click();
  await followed(page).getByText("Followed: 1 indicator", { exact: true }).waitFor({ timeout: 30_000 });
  expect(faults).toEqual([]);
  await close();
});

it("closes and opens what came of a lookup with it, tells so before and after, and leaves closed what was closed by itself", async () => {
  const body = { data: "seen.example", followUp: { depth: 2 } };
  const { id } = await site.client.requests.create({ query: { wait: "20s" }, body });
  const { page, faults, close } = await site.signedIn(`/lookups/${id}`);
  const panel = followed(page);
  const signs = panel.getByRole("img", { name: "Private" });
  const choose = async (now: string, note: string, next: string): Promise<void> => {
    await page.getByRole("button", { name: `Seen by ${now}` }).click();
    const menu = page.getByRole("menu");
    await menu.getByText(note, { exact: true }).waitFor();
    await menu.getByRole("menuitem", { name: next }).click();
  };
  await panel.getByText("Followed: 2 indicators, 2 malicious").waitFor({ timeout: 30_000 });
  await choose("everyone", "Closes what came of it as well: 2 lookups", "Only you");
  await page.getByText("The lookup is private now, with 2 that came of it").waitFor();
  await expect.poll(() => signs.count()).toBe(2);
  const exceptions = "but for those that were closed by themselves";
  await choose("only you", `Opens what came of it as well: 2 lookups, ${exceptions}`, "Everyone");
  await page.getByText("Everyone can see the lookup now, with 2 that came of it").waitFor();
  await expect.poll(() => signs.count()).toBe(0);

  await panel.getByRole("link", { name: "c2.seen.example", exact: true }).click();
  await page.getByRole("heading", { name: "c2.seen.example", exact: true }).waitFor();
  await choose("everyone", "Closes what came of it as well: 1 lookup", "Only you");
  await page.getByText("The lookup is private now, with 1 that came of it").waitFor();
  await page.getByRole("link", { name: /^Found by another lookup/ }).click();
  await page.getByRole("heading", { name: "seen.example", exact: true }).waitFor();
  await expect.poll(() => signs.count()).toBe(2);
  await page.getByRole("button", { name: "Seen by everyone" }).click();
  await page.getByRole("menuitem", { name: "Only you" }).click();
  await choose("only you", `Opens what came of it as well: 2 lookups, ${exceptions}`, "Everyone");
  await page.getByRole("button", { name: "Seen by everyone" }).waitFor();
  expect(await signs.count()).toBe(2);
  expect(faults).toEqual([]);
  await close();
});

it("fits a telephone", async () => {
  const body = { data: "a-rather-long-name-of-a-host.example", followUp: { depth: 3 } };
  const { id } = await site.client.requests.create({ query: { wait: "20s" }, body });
  const { page, faults, close } = await site.signedIn(`/lookups/${id}`, 390);
  await followed(page)
    .getByText(/^Followed: \d indicators?/)
    .waitFor({ timeout: 30_000 });
  expect(await overflowPx(page)).toBeLessThanOrEqual(0);
  expect(faults).toEqual([]);
  await close();
});
