import { type Stack, startStack } from "@assay/tests";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser, signIn, type Visit, visit } from "./browser.ts";

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
  const provider = await stack.client.providers.create({ body: { name: "Example" } });
  await stack.client.sources.create({
    body: {
      name: "Accuser",
      code: `export const fetchData = () => ({ data: {}, verdict: "malicious" });`,
      providerId: provider.id,
      language: "JAVASCRIPT",
      supportedIndicators: ["IPV4"],
      exposure: "local",
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
  return guest;
}
const entry = (page: Page, value: string) => page.getByRole("listitem", { name: value, exact: true });

it("makes a list, fills it, ties it to a source, and shows in a lookup who was not asked and who disagrees", async () => {
  const { page, faults, close } = await signedIn("/ignore-lists");
  await page.getByRole("listitem", { name: "Public DNS resolvers" }).getByText("Context").waitFor();
  await page.getByRole("button", { name: "New list" }).click();
  const form = page.getByRole("dialog", { name: "New ignore list" });
  await form.getByLabel("Name").fill("Our offices");
  await form.getByLabel("For all sources").uncheck();
  await form.getByRole("button", { name: "Make list" }).click();
  await page.getByRole("heading", { name: "Our offices" }).waitFor();
  await page.getByText("No entries yet").waitFor();

  await page.getByRole("button", { name: "Add entries" }).click();
  const adding = page.getByRole("dialog", { name: /^Add entries/ });
  await adding.getByLabel("Entries", { exact: true }).fill("# head office\n203.0.113.0/24\n10.0.0.0/99");
  await adding.getByLabel("Each entry is").selectOption({ label: "network" });
  await adding.getByRole("button", { name: "Add entries" }).click();
  await adding
    .getByText(/line 3: “10\.0\.0\.0\/99”/)
    .first()
    .waitFor();
  await adding.getByLabel("Entries", { exact: true }).fill("203.0.113.0/24\n!203.0.113.66");
  await adding.getByRole("button", { name: "Add entries" }).click();
  await entry(page, "203.0.113.0/24").waitFor();
  await entry(page, "203.0.113.66/32").getByText("Exception").waitFor();
  await page.getByLabel("Find an entry").fill("66");
  await entry(page, "203.0.113.0/24").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Remove 203.0.113.66/32" }).click();
  await page.getByText("No entry fits").waitFor();
  await page.getByLabel("Add a source").selectOption({ label: "IP address facts" });
  await page.getByRole("button", { name: "Untie IP address facts" }).waitFor();

  await page.goto("/ignore-lists");
  await page.getByLabel("Is this on a list?").fill("203.0.113[.]7");
  await page.getByRole("button", { name: "Check" }).click();
  const found = page.getByRole("region", { name: "Is it on a list?" });
  await found.getByRole("link", { name: "Our offices" }).waitFor();
  await found.getByText("203.0.113.0/24").first().waitFor();

  const { id } = await stack.client.requests.execute({ query: { data: "203.0.113.7" } });
  await page.goto(`/lookups/${id}`);
  await page.getByText("Known good: Our offices").waitFor();
  await page.getByText("Addresses of documentation").first().waitFor();
  await page.getByText("R1", { exact: true }).waitFor();
  await page
    .getByRole("button", { name: /^Accuser/ })
    .getByText("in conflict with a known-good list")
    .waitFor();
  await page.getByText(/\d+ not asked/).click();
  await page
    .getByRole("button", { name: /^IP address facts/ })
    .getByText("on an ignore list")
    .click();
  await page.getByText("The ignore list Our offices holds the indicator by its entry 203.0.113.0/24").first().waitFor();

  await page.goto("/ignore-lists/our-offices");
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete list" }).click();
  await page.getByRole("heading", { name: "Ignore lists" }).waitFor();
  await entry(page, "Our offices").waitFor({ state: "detached" });
  expect(faults).toEqual([]);
  await close();
});

it("fits a telephone", async () => {
  const { page, faults, close } = await signedIn("/ignore-lists", 390);
  await page.getByRole("heading", { name: "Ignore lists" }).waitFor();
  for (const path of ["/ignore-lists", "/ignore-lists/public-resolvers"]) {
    await page.goto(path);
    await page.getByText("Public DNS resolvers").first().waitFor();
    const overflowPx = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflowPx).toBeLessThanOrEqual(0);
  }
  expect(faults).toEqual([]);
  await close();
});
