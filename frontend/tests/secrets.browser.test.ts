import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { addSource, openSite, overflowPx } from "./browser.ts";

const code = `export function fetchData(indicator, { secrets, unauthorized }) {
  return secrets.EXAMPLE_KEY.startsWith("good") ? { data: { seen: 1 } } : unauthorized();
}`;

const site = openSite((client) =>
  addSource(client, {
    name: "Keyed",
    code,
    hosts: ["api.example.com"],
    secretSlots: [
      {
        name: "EXAMPLE_KEY",
        hosts: ["api.example.com"],
        exposed: true,
        description: "From your account at Example, under API.",
      },
    ],
  }),
);

async function keep(page: Page, name: string, value: string, expiresOn = ""): Promise<void> {
  await page.getByRole("button", { name: "New secret" }).click();
  const form = page.getByRole("dialog", { name: "New secret" });
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Value").fill(value);
  await form.getByLabel("May be sent to").fill("API.example.com, *.example.org");
  await form.getByLabel("Expires on").fill(expiresOn);
  await form.getByRole("button", { name: "Keep secret" }).click();
  await form.waitFor({ state: "hidden" });
}

const row = (page: Page, name: string) => page.getByRole("listitem", { name, exact: true });

it("keeps keys, tests them, puts them into a source in an order, and never shows them again", async () => {
  const { page, faults, close } = await site.signedIn("/secrets");
  await page.getByText("No secrets yet").waitFor();
  await keep(page, "First account", "good-first-value");
  const soon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await keep(page, "Second account", "bad-second-value", soon);
  await row(page, "Second account")
    .getByText(/^Expires in/)
    .waitFor();
  expect(await page.content()).not.toMatch(/good-first|bad-second/);

  await row(page, "Second account").getByRole("button", { name: "Test" }).click();
  const test = page.getByRole("dialog", { name: "Test “Second account”" });
  await test.getByLabel("About the indicator").fill("192.0.2.1");
  await test.getByRole("button", { name: "Test it" }).click();
  await test.getByText("The provider refuses it").waitFor();
  await test.getByRole("button", { name: "Close" }).click();

  await row(page, "Second account").getByRole("button", { name: "Change" }).click();
  const change = page.getByRole("dialog", { name: "Change “Second account”" });
  expect(await change.getByLabel("New value").inputValue()).toBe("");
  await change.getByLabel("New value").fill("good-second-value");
  await change.getByRole("button", { name: "Save changes" }).click();
  await change.waitFor({ state: "hidden" });
  expect(await page.getByRole("button", { name: "Show value" }).count()).toBe(0);

  await page.goto("/sources/keyed");
  const slot = page.getByRole("listitem", { name: "EXAMPLE_KEY" });
  await slot.getByText("No secret: the source is skipped. Choose one.").waitFor();
  await slot.getByLabel("Add a secret to EXAMPLE_KEY").selectOption({ label: "First account" });
  await slot.getByText("In use").waitFor();
  await slot.getByLabel("Add a secret to EXAMPLE_KEY").selectOption({ label: "Second account" });
  const order = slot.getByRole("list", { name: "Secrets of EXAMPLE_KEY" }).getByRole("listitem");
  await expect.poll(() => order.allTextContents()).toEqual(["First account ", "Second account expires soon"]);
  await slot.getByRole("button", { name: "Use Second account earlier" }).click();
  await expect.poll(async () => (await order.allTextContents())[1]).toBe("First account ");
  const answer = await site.client.requests.execute({ query: { data: "192.0.2.1" } });
  expect(answer.answers.find(({ source }) => source.slug === "keyed")?.outcome).toBe("ok");

  await page.goto("/secrets");
  await row(page, "First account").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Keyed can no longer use it. This cannot be undone.").waitFor();
  await page.getByRole("button", { name: "Delete secret" }).click();
  await row(page, "First account").waitFor({ state: "detached" });
  await row(page, "Second account").getByRole("link", { name: "Keyed" }).click();
  await expect.poll(() => order.allTextContents()).toEqual(["Second account expires soon"]);
  expect(faults).toEqual([]);
  await close();
});

it("fits a telephone", async () => {
  const { page, faults, close } = await site.signedIn("/secrets", 390);
  await row(page, "Second account").waitFor();
  for (const path of ["/secrets", "/sources/keyed"]) {
    await page.goto(path);
    await page.getByText("api.example.com").first().waitFor();
    expect(await overflowPx(page)).toBeLessThanOrEqual(0);
  }
  expect(faults).toEqual([]);
  await close();
});
