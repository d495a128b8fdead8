import type { BatchForecast } from "@assay/contract";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { addSource, openSite, switchSourcesOff } from "./browser.ts";

const site = openSite(async (client) => {
  await switchSourcesOff(client);
  await addSource(client, {
    name: "Judge",
    code: `export const fetchData = ({ data }) => {
      if (data.includes("broken")) throw new Error("it fails");
      return { data, verdict: data.includes("evil") ? "malicious" : "benign", reasons: [] };
    };`,
    supportedIndicators: ["DOMAIN"],
    reliability: "A",
    cacheLifetimes: { foundSeconds: 3_600, notFoundSeconds: 0, failedSeconds: 0, staleSeconds: 0 },
  });
});

async function paste(page: Page, label: string, text: string): Promise<void> {
  await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
  await page.getByLabel(label).focus();
  await page.keyboard.press("Control+v");
}
const items = (page: Page) => page.getByRole("list", { name: "Indicators of the batch" }).getByRole("listitem");

it("makes a batch of a file, shows what it would do, runs it, narrows it, and takes it along", async () => {
  const { page, faults, close } = await site.signedIn("/batches");
  await page.getByText("No batch yet").waitFor();
  await page.getByRole("link", { name: "New batch" }).click();
  const lines = Array.from({ length: 40 }, (_, i) => `host-${i}.example.org`);
  const buffer = Buffer.from(
    [...lines, "evil[.]example.net", "evil.example.net", "broken.example.net", "report.pdf"].join("\n"),
  );
  await page.getByLabel("Choose a file").setInputFiles({ name: "wave.txt", mimeType: "text/plain", buffer });
  await expect.poll(() => page.getByLabel("Name").inputValue()).toBe("wave.txt");
  await page.getByRole("button", { name: "Show what it would do" }).click();

  const forecast = page.getByRole("region", { name: "Forecast" });
  await forecast.getByText("1 left out").waitFor();
  await forecast.getByText("42 indicators", { exact: true }).waitFor();
  await forecast.getByText("42 indicators, 42 calls to Judge.").waitFor();
  await forecast.getByRole("list", { name: "Forecast by source" }).getByText("42 calls").waitFor();
  await page.getByText("1 not taken for indicators").click();
  await page.getByText("it is the name of a file: .pdf is not a top-level domain").waitFor();
  expect((await site.client.requests.list({ query: {} })).items).toEqual([]);

  await page.getByRole("button", { name: "Start" }).click();
  await page.getByText("42 of 42 lookups").waitFor();
  await page.getByText("Completed", { exact: true }).waitFor();
  const seenBy = page.getByRole("button", { name: /^Seen by/ });
  await seenBy.click();
  await page.getByRole("menuitem", { name: "Only you" }).click();
  await expect.poll(() => seenBy.textContent()).toBe("Seen by only you");
  const { items: kept } = await site.client.requests.list({ query: { limit: 200 } });
  expect(new Set(kept.map(({ visibility }) => visibility))).toEqual(new Set(["private"]));
  await page.getByRole("button", { name: "1 Malicious" }).click();
  await expect.poll(() => items(page).count()).toBe(1);
  // As the history has it: whole, and not defanged.
  await items(page).getByText("evil.example.net", { exact: true }).waitFor();
  const href = await page
    .getByRole("button", { name: "Export" })
    .click()
    .then(() => page.getByRole("menuitem", { name: /^JSON/ }).first().getAttribute("href"));
  expect(href).toMatch(/\/batches\/[0-9a-z]{12}\/export\?verdict=malicious&format=jsonl$/);
  await page.keyboard.press("Escape");
  await items(page).getByRole("link").click();
  await page.getByRole("heading", { name: "evil.example.net" }).waitFor();

  await page.getByRole("link", { name: "Of a batch" }).click();
  await page.getByRole("button", { name: "1 Failed" }).click();
  await page.getByText("No source could answer").waitFor();
  await page.getByRole("button", { name: "Retry what failed" }).click();
  await expect
    .poll(async () => (await site.client.requests.list({ query: { data: "broken.example.net" } })).items.length)
    .toBe(2);
  await page.getByText("42 of 42 lookups").waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await page.getByText("No batch yet").waitFor();
  expect(faults).toEqual([]);
  await close();
});

it("says what is cached of a batch once it has looked, and when it could not", async () => {
  const { page, faults, close } = await site.signedIn("/batches");
  const make = async (count: number, start: boolean): Promise<string> => {
    const indicators = Array.from({ length: count }, (_, i) => `cached-${i}.example.org`);
    return (await site.client.batches.create({ body: { indicators, start } })).id;
  };
  const first = await make(3, true);
  const statusOf = async () => (await site.client.batches.get({ params: { id: first } })).status;
  await expect.poll(statusOf).toBe("completed");
  const id = await make(1_205, false);
  const gate = Promise.withResolvers<undefined>();
  let isAway = true;
  await page.route(`**/api/v1/batches/${id}/forecast`, async (route) => {
    await gate.promise;
    const response = await route.fetch();
    const told = (await response.json()) as BatchForecast;
    await route.fulfill({ response, json: isAway ? { ...told, cached: null } : told });
  });
  await page.goto(`/batches/${id}`);
  const forecast = page.getByRole("region", { name: "Forecast" });
  await forecast.getByRole("status", { name: "Looking what is cached" }).waitFor();
  // What is known already stands there meanwhile.
  await forecast.getByText("1,205 indicators", { exact: true }).first().waitFor();
  gate.resolve(undefined);
  await forecast.getByText("The cache could not be read").waitFor();
  isAway = false;
  await forecast.getByRole("button", { name: "Look again" }).click();
  await expect.poll(() => forecast.getByText("The cache could not be read").count()).toBe(0);
  await forecast.getByText("1,205 indicators, 3 cached, 1,202 calls to Judge.").waitFor();
  await forecast.getByText("3 in the last 7 days").waitFor();
  const judge = forecast.getByRole("list", { name: "Forecast by source" }).getByRole("listitem");
  await judge.filter({ hasText: "Judge" }).getByText("3 cached").waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Cancel it" }).click();
  await page.getByText("Cancelled", { exact: true }).waitFor();
  expect(faults).toEqual([]);
  await close();
});

it("takes more indicators than can be looked up at once from a pasted text to a batch; pauses and cancels it", async () => {
  await site.client.config.update({ body: { batchLookupsAtOnce: 1 } });
  const { page, faults, close } = await site.signedIn("/extract", 390);
  const text = Array.from({ length: 3000 }, (_, i) => `n-${i}.example.com`).join("\n");
  await paste(page, "Text to search", text);
  await page.getByRole("button", { name: "Make a batch of 3000" }).click();
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("Paused", { exact: true }).waitFor();
  await page.getByText("What is left to do").click();
  const rest = page.getByRole("region", { name: "What is left to do" });
  // What is still coming in is in the cache before it is done.
  await rest.getByText(/^[\d,]+ indicators to go,( \d+ cached,)? [\d,]+ calls to Judge\.$/).waitFor();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Cancel it" }).click();
  await page.getByText("Cancelled", { exact: true }).waitFor();
  await page.getByText("Not asked").first().waitFor();
  // Nothing is wider than the telephone.
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(faults).toEqual([]);
  await close();
});

it("takes a text that is too long for the browser from the look-up box to a batch, and reads it on the server", async () => {
  const { page, faults, close } = await site.signedIn("/");
  const text = Array.from({ length: 20_000 }, (_, i) => `long-${i}.example.com`).join("\n");
  await paste(page, "Indicator to look up", text);
  await page.getByText(`${text.length.toLocaleString("en")} characters`).waitFor();
  await page.getByRole("button", { name: "Show what it would do" }).click();
  await page.getByRole("region", { name: "Forecast" }).getByText("20,000 indicators", { exact: true }).nth(1).waitFor();
  expect(faults).toEqual([]);
  await close();
});

it("says who may see and make batches", async () => {
  const email = "viewer@assay.test";
  const { password } = await site.client.users.create({ body: { email, name: "Viewer", roles: ["viewer"] } });
  const { page, faults, close } = await site.signedIn("/batches/new", 1440, { email, password: password ?? "" });
  await page.getByText("You may not look anything up").waitFor();
  await page.goto("/batches/aaaaaaaaaaaa");
  await page.getByText("The batch cannot be shown").waitFor();
  await page.goto("/batches");
  await page
    .getByRole("list", { name: "Batches" })
    .getByRole("link", { name: /^3,000 / })
    .click();
  await page.getByRole("heading", { name: "3,000 indicators" }).waitFor();
  expect(await page.getByRole("button", { name: "Delete" }).count()).toBe(0);
  expect(faults).toEqual([]);
  await close();
});
