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
