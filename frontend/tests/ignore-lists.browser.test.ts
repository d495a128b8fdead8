import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { addSource, openSite, overflowPx } from "./browser.ts";

let fileUrl: string;
let file = "203.0.113.0/24\nexample.com\n";
const server = createServer((_request, response) => response.end(file));
const site = openSite(
  (client) =>
    addSource(client, {
      name: "Accuser",
      code: `export const fetchData = () => ({ data: {}, verdict: "malicious" });`,
    }),
  async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    fileUrl = `http://127.0.0.1:${port}/list.txt`;
    return { ASSAY_EGRESS_ALLOW_PRIVATE: `127.0.0.1:${port}` };
  },
);
afterAll(() => void server.close());

const entry = (page: Page, value: string) => page.getByRole("listitem", { name: value, exact: true });

it("makes a list, fills it, ties it to a source, and shows in a lookup who was not asked and who disagrees", async () => {
  const { page, faults, close } = await site.signedIn("/ignore-lists");
  const resolvers = page.getByRole("listitem", { name: "Public DNS resolvers" });
  await resolvers.getByText("Context").waitFor();
  await resolvers.getByText(/IPv4 address, .*IP address and port/).waitFor();
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

  const { id } = await site.client.requests.execute({ query: { data: "203.0.113.7" } });
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

it.each([1440, 390])("keeps a list up with a file, and says why a file was not taken, at %d px", async (widthPx) => {
  const list = await site.client.ignoreLists.create({ body: { name: `From a file ${widthPx}` } });
  const { page, faults, close } = await site.signedIn(`/ignore-lists/${list.slug}`, widthPx);
  await page.getByRole("button", { name: "Keep up with a file" }).click();
  const form = page.getByRole("dialog", { name: "Where the entries come from" });
  await form.getByLabel("Address").fill("http://127.0.0.1:1/list.txt");
  await form.getByLabel("Fetch it every").selectOption({ label: "6 hours" });
  await form.getByRole("button", { name: "Save" }).click();
  await form.waitFor({ state: "detached" });
  await page.getByText("every 6 hours").waitFor();
  await page.getByRole("button", { name: "Refresh now" }).click();
  await page.getByText("is not at a public address").waitFor();

  await page.getByRole("button", { name: "Change" }).click();
  await form.getByLabel("Address").fill(fileUrl);
  await form.getByRole("button", { name: "Save" }).click();
  await form.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Refresh now" }).click();
  await entry(page, "203.0.113.0/24").waitFor();
  expect(await page.getByRole("button", { name: "Add entries" }).count()).toBe(0);
  const before = file;
  file = "# nothing";
  await page.getByRole("button", { name: "Refresh now" }).click();
  await page.getByText("The file has no entries").waitFor();
  await entry(page, "203.0.113.0/24").waitFor();
  file = before;
  expect(await overflowPx(page)).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Take the address out" }).click();
  await page.getByRole("button", { name: "Add entries" }).waitFor();
  expect(faults).toEqual([]);
  await close();
});

it("fits a telephone", async () => {
  const { page, faults, close } = await site.signedIn("/ignore-lists", 390);
  await page.getByRole("heading", { name: "Ignore lists" }).waitFor();
  for (const path of ["/ignore-lists", "/ignore-lists/public-resolvers"]) {
    await page.goto(path);
    await page.getByText("Public DNS resolvers").first().waitFor();
    expect(await overflowPx(page)).toBeLessThanOrEqual(0);
  }
  expect(faults).toEqual([]);
  await close();
});
