import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { addSource, lookUp, openSite, overflowPx } from "./browser.ts";

const site = openSite((client) =>
  addSource(client, {
    name: "Accuser",
    code: `export const fetchData = () => ({ data: {}, verdict: "malicious", reasons: [{ code: "SEEN", text: "Seen in attacks" }] });`,
    supportedIndicators: ["DOMAIN"],
  }),
);

const stone = (page: Page) => page.getByRole("region", { name: "Verdict" });
const decision = (page: Page, name: string) =>
  page.getByRole("list", { name: "Decisions" }).getByRole("listitem", { name });

it("decides on a lookup's page, shows it since, weighs it in the next time, changes it and withdraws it", async () => {
  const { page, faults, close } = await site.signedIn("/");
  await lookUp(page, "scanner.example");
  await stone(page).getByText("Suspicious", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Decide" }).click();
  const form = page.getByRole("dialog", { name: "Decide what it is" });
  await form.getByText("scanner.example").waitFor();
  await form.getByRole("radio", { name: "Benign" }).click();
  await form.getByLabel("Reason").fill("Our own scanner");
  await form.getByRole("button", { name: "Decide" }).click();
  const since = page.getByRole("region", { name: "Decision since" });
  await since.getByText("Decided after this lookup: Benign").waitFor();
  await since.getByText(/Our own scanner/).waitFor();
  await stone(page).getByText("Suspicious", { exact: true }).waitFor();

  await page.getByRole("button", { name: "Look up again" }).click();
  await stone(page).getByText("R0", { exact: true }).waitFor();
  await stone(page).getByText("Benign", { exact: true }).waitFor();
  await stone(page)
    .getByText(/Decided by .*: Our own scanner; in conflict with it, Accuser says otherwise/)
    .waitFor();
  await page
    .getByRole("button", { name: /^Accuser/ })
    .getByText("in conflict with the decision")
    .waitFor();
  await since.waitFor({ state: "detached" });

  await stone(page).getByRole("link", { name: "Decisions about it" }).click();
  await page.getByRole("heading", { name: "Decisions" }).waitFor();
  const row = decision(page, "scanner.example: Benign");
  await row.getByRole("button", { name: "Change" }).click();
  const changing = page.getByRole("dialog", { name: "Change the decision" });
  await changing.getByLabel("Reason").fill("Our own scanner, since May");
  await changing.getByLabel("Ends").selectOption({ label: "When it is withdrawn" });
  await changing.getByRole("button", { name: "Save changes" }).click();
  await row.getByText("Our own scanner, since May").waitFor();
  await row.getByText("until withdrawn").waitFor();
  await row.getByRole("button", { name: "Withdraw" }).click();
  await page.getByRole("button", { name: "Withdraw decision" }).click();
  await row.getByText(/^Withdrawn by/).waitFor();
  await page.goBack();
  await page.getByText("The decision that this verdict rests on is no longer in force").waitFor();
  expect(faults).toEqual([]);
  await close();
});

it("decides from the page of decisions, finds decisions, and says what is wrong", async () => {
  const { page, faults, close } = await site.signedIn("/decisions");
  await page.getByRole("button", { name: "New decision" }).click();
  const form = page.getByRole("dialog", { name: "New decision" });
  await form.getByLabel("Indicator").fill("no such thing");
  await form.getByRole("radio", { name: "Malicious" }).click();
  await form.getByLabel("Reason").fill("Seen in our mail");
  await form.getByRole("button", { name: "Decide" }).click();
  await form.getByText("Nothing was decided").waitFor();
  await form.getByLabel("Indicator").fill("hxxps://phish[.]example/login");
  await form.getByRole("button", { name: "Decide" }).click();
  await decision(page, "https://phish.example/login: Malicious").waitFor();
  const filters = page.getByRole("form", { name: "Filter decisions" });
  await filters.getByLabel("Decided").selectOption({ label: "Benign" });
  await decision(page, "https://phish.example/login: Malicious").waitFor({ state: "detached" });
  await filters.getByLabel("Decided").selectOption({ label: "Malicious" });
  await filters.getByLabel("Indicator").fill("hxxps://phish[.]");
  await page.keyboard.press("Enter");
  await decision(page, "https://phish.example/login: Malicious").waitFor();
  expect(new URL(page.url()).searchParams.get("verdict")).toBe("malicious");
  expect(faults).toEqual([]);
  await close();
});

it("warns that a decision is not private where the lookup is", async () => {
  const { id } = await site.client.requests.execute({ query: { data: "secret.example", visibility: "private" } });
  const { page, faults, close } = await site.signedIn(`/lookups/${id}`);
  await page.getByRole("button", { name: "Decide" }).click();
  await page.getByText("The lookup is private, a decision is not").waitFor();
  expect(faults).toEqual([]);
  await close();
});

it("fits a telephone", async () => {
  const { id } = await site.client.requests.execute({ query: { data: "phone.example" } });
  const body = {
    data: "phone.example",
    verdict: "suspicious" as const,
    reason: "A reason that is as long as reasons are",
  };
  await site.client.decisions.create({ body });
  const { page, faults, close } = await site.signedIn("/decisions", 390);
  await decision(page, "phone.example: Suspicious").waitFor();
  for (const path of ["/decisions", `/lookups/${id}`]) {
    await page.goto(path);
    await page.getByText("A reason that is as long").first().waitFor();
    expect(await overflowPx(page)).toBeLessThanOrEqual(0);
  }
  expect(faults).toEqual([]);
  await close();
});
