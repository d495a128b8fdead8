import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { addSource, openSite } from "./browser.ts";

const site = openSite((client) =>
  addSource(client, {
    name: "Accuser",
    code: `export const fetchData = () => ({ data: {}, verdict: "malicious", reasons: [{ code: "SEEN", text: "Seen" }] });`,
    supportedIndicators: ["IPV4", "URL", "DOMAIN"],
    reliability: "A",
  }),
);

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
  await page.getByLabel("Indicator to look up").focus();
  await page.keyboard.press("Control+v");
}

const report = `The dropper hxxps://evil[.]example.com/a.php calls 198.51.100.7 and 10.0.0.1:443.
It drops report.pdf and run.sh (version 1.2.3.4), sha256 275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f.
Link: https://nam01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fphish.example.net%2Flogin&data=05`;

it("finds the indicators of a pasted text, says what it dropped, and looks up those that are chosen", async () => {
  const { page, faults, close } = await site.signedIn("/");
  await page.getByRole("heading", { name: "Recent lookups" }).waitFor();
  await paste(page, report);

  await page.getByRole("heading", { name: "Extract" }).waitFor();
  const found = page.getByRole("list", { name: "Indicators found" });
  await found.getByRole("listitem").first().waitFor();
  expect(await found.getByRole("checkbox").evaluateAll((boxes) => boxes.map((box) => box.ariaLabel))).toEqual([
    "URL hxxps://evil[.]example[.]com/a[.]php",
    "IPv4 address 198[.]51[.]100[.]7",
    "IP address and port 10[.]0[.]0[.]1:443",
    "Domain name run[.]sh",
    "IPv4 address 1[.]2[.]3[.]4",
    "SHA-256 hash 275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f",
    "URL hxxps://phish[.]example[.]net/login",
  ]);
  // What is doubtful, or private, is not looked up unless somebody chooses it.
  expect(await page.getByLabel("Domain name run[.]sh").isChecked()).toBe(false);
  expect(await page.getByLabel("IP address and port 10[.]0[.]0[.]1:443").isChecked()).toBe(false);
  await page.getByText("1 not taken for indicators").click();
  await page.getByText("it is the name of a file: .pdf is not a top-level domain").waitFor();

  await page.getByRole("button", { name: "Choose none" }).click();
  await page.getByLabel("URL hxxps://phish[.]example[.]net/login").check();
  await page.getByLabel("IPv4 address 198[.]51[.]100[.]7").check();
  await page.getByRole("button", { name: "Forecast" }).click();
  await page.getByText(/^2 indicators, \d+ calls to \d+ sources\.$/).waitFor();
  const forecast = page.getByRole("list", { name: "Forecast by source" }).getByRole("listitem");
  await forecast.filter({ hasText: "Accuser" }).getByText("2 calls").waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  expect((await site.client.requests.list({ query: {} })).items).toEqual([]);
  await page.getByRole("button", { name: "Look up 2" }).click();
  await page.getByText("2 of 2 looked up").waitFor();
  await expect.poll(() => found.getByRole("link", { name: "Malicious" }).count()).toBe(2);
  const { items } = await site.client.requests.list({ query: {} });
  expect(items.map(({ data }) => data).toSorted()).toEqual(["198.51.100.7", "https://phish.example.net/login"]);
  expect(faults).toEqual([]);
  await close();
});

it("reads a long text in a worker, asks for fifty at once, and takes several on one line for a text", async () => {
  const { page, faults, close } = await site.signedIn("/extract", 390);
  const long = Array.from({ length: 60 }, (_, i) => `45.0.113.${i} is one, ${"and so on, ".repeat(40)}`).join("\n");
  await page.getByLabel("Text to search").fill(long);
  await page.getByText("60 indicators found.").waitFor();
  await page.getByText("50 at once: 10 of the chosen are left.").waitFor();
  await page.getByRole("button", { name: "Look up 50" }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);

  await page.goto("/");
  await page.getByLabel("Indicator to look up").fill("evil.com, 8.8.8.8");
  await page.getByText("more than one indicator in this text").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("2 indicators found.").waitFor();
  await page.getByLabel("Text to search").fill("nothing to see");
  await page.getByText("No indicator was found").waitFor();
  expect(faults).toEqual([]);
  await close();
});
