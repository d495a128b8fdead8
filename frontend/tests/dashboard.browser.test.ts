import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { addSource, lookUp, openSite, signIn } from "./browser.ts";

const indicator = "198.51.100.7";

/** One source that accuses, one that takes its time, one that breaks: what a page has to show of a lookup. */
const site = openSite(async (client) => {
  const add = (name: string, code: string) => addSource(client, { name, code, reliability: "A" });
  await add(
    "Accuser",
    `export function fetchData() { console.log("looked"); return { data: { seen: 3 }, verdict: "malicious",
       reasons: [{ code: "SEEN", text: "Seen in 3 attacks" }], facts: { country: "NL" }, link: "https://example.com/report",
       relations: [{ kind: "DOMAIN", data: "related.example", type: "resolves_to" }] }; }`,
  );
  await add("Breaker", `export function fetchData() { throw new Error("the answer was no JSON"); }`);
  await add(
    "Slowpoke",
    `export async function fetchData() { await new Promise((done) => setTimeout(done, 4000)); return { data: { late: true } }; }`,
  );
});

const strip = (page: Page, name: string) => page.getByLabel("Answers by source").getByRole("button", { name });
const verdict = (page: Page) => page.getByRole("region", { name: "Verdict" });

it("lets nobody in without a password, and leads back to the own page that was asked for, never elsewhere", async () => {
  const { page, faults, close } = await site.visit();
  await page.goto("/sources?q=dns");
  await signIn(page, { ...site.admin, password: "not the password" });
  await page.getByText("E-mail and password do not match").waitFor();
  await signIn(page, site.admin);
  await page.getByRole("heading", { name: "Sources" }).waitFor();
  expect(new URL(page.url()).search).toBe("?q=dns");

  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await page.goto("/sign-in?next=//example.com/");
  await signIn(page, site.admin);
  await page.getByRole("heading", { name: "Recent lookups" }).waitFor();
  expect(new URL(page.url()).origin).toBe(site.url);
  expect(faults).toEqual([]);
  await close();
});

it("takes what is pasted for what it is, lets one overrule it, and says clearly when it is nothing", async () => {
  const { page, faults, close } = await site.signedIn("/");
  const box = page.getByLabel("Indicator to look up");
  await box.fill("hxxps://evil[.]example/a");
  await page.getByRole("button", { name: "Kind: URL, detected. Change it" }).waitFor();
  await page.getByText("https://evil.example/a").waitFor();
  await page.getByRole("button", { name: /^Kind: URL/ }).click();
  await page.getByRole("menuitemradio", { name: /^IPv4 address/ }).click();
  await box.press("Enter");
  await page.getByText("Not a valid IPv4 address").waitFor();
  await box.fill("");
  await box.fill("just words");
  await box.press("Enter");
  await page.getByText("No indicator that Assay knows").waitFor();
  expect(await box.getAttribute("aria-invalid")).toBe("true");
  expect(new URL(page.url()).pathname).toBe("/");
  expect(faults).toEqual([]);
  await close();
});

it("shows answers as they arrive, each in its place, and reads out the verdict, not the answers", async () => {
  const { page, faults, close } = await site.signedIn("/");
  await lookUp(page, "198[.]51[.]100[.]7");
  await strip(page, "Accuser").filter({ hasText: "Malicious" }).waitFor();
  await verdict(page).getByText("Provisional").waitFor();
  expect(await strip(page, "Slowpoke").innerText()).toContain("Asking");
  const places = () =>
    page.locator("[data-strip]").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().y));
  const before = await places();

  await verdict(page).getByText("All answers are in").waitFor();
  expect(await places()).toEqual(before);
  expect(await verdict(page).innerText()).toMatch(/Malicious[\s\S]*Seen in 3 attacks/);
  expect(await page.getByRole("list", { name: "Coverage" }).innerText()).toContain("failed");
  await expect
    .poll(() => page.getByRole("status").allInnerTexts())
    .toContainEqual(expect.stringContaining("Verdict: Malicious"));

  await page.keyboard.press("c");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("198[.]51[.]100[.]7");
  expect(faults).toEqual([]);
  await close();
});

it("opens one source's answer by keyboard: reasons, facts, raw answer, logs; or why there is none and what to do", async () => {
  const { page, faults, close } = await site.signedIn("/");
  await lookUp(page, indicator);
  await verdict(page).getByText("All answers are in").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  const answer = page.getByRole("article", { name: "Answer of Accuser" });
  await answer.getByText("Netherlands (NL)").waitFor();
  await answer.getByText("seen:").waitFor();
  expect(await answer.getByRole("link", { name: /Open at Tests/ }).getAttribute("href")).toBe(
    "https://example.com/report",
  );
  await answer.getByRole("tab", { name: /Logs/ }).click();
  await answer.getByText("looked").waitFor();

  await page.getByRole("button", { name: /^Breaker Failed/ }).click();
  const failed = page.getByRole("article", { name: "Answer of Breaker" });
  await failed.getByText("the answer was no JSON").waitFor();
  await failed.getByText("Correct the source’s code").waitFor();
  await failed.getByRole("button", { name: "Copy trace id" }).waitFor();

  await page.reload();
  await failed.waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "related.example" }).click();
  await page.getByRole("heading", { name: "related.example" }).waitFor();
  expect(faults).toEqual([]);
  await close();
});

it("stops a lookup, finds it again in the history, and tells how often it was seen", async () => {
  const { page, faults, close } = await site.signedIn("/");
  await lookUp(page, indicator);
  await strip(page, "Accuser").filter({ hasText: "Malicious" }).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await verdict(page).getByText("Cancelled before all answers were in").waitFor();
  await page.getByRole("button", { name: /^Seen .* more/ }).waitFor();

  await page.goto("/lookups");
  await page.getByLabel("Status").selectOption("cancelled");
  await page.getByRole("searchbox", { name: "Indicator", exact: true }).fill("198[.]51[.]100[.]7");
  await page.keyboard.press("Enter");
  const found = page.getByRole("list", { name: "Lookups" }).getByRole("link");
  await expect.poll(() => found.count()).toBe(1);
  await found.click();
  await page.getByRole("article", { name: `Lookup of ${indicator}` }).waitFor();
  await page.getByRole("link", { name: "Open the whole lookup" }).click();
  await verdict(page).waitFor();
  expect(faults).toEqual([]);
  await close();
});

it("keeps a lookup to whoever asks where they say so, shows it by a lock, and lets them open it to everyone", async () => {
  const { page, faults, close } = await site.signedIn("/");
  await page.getByRole("button", { name: "Options" }).click();
  const options = page.getByRole("dialog", { name: "Options of the lookup" });
  await options.getByLabel("Visible to").selectOption("Only you");
  await options.getByLabel("TLP").selectOption("RED");
  expect(await options.getByLabel("Visible to").isDisabled()).toBe(true);
  await options.getByLabel("TLP").selectOption("Default");
  await options.getByLabel("Visible to").selectOption("Only you");
  await page.keyboard.press("Escape");
  await lookUp(page, "198.51.100.23");
  const seenBy = (who: string) => page.getByRole("button", { name: `Seen by ${who}` });
  await seenBy("only you").waitFor();
  await verdict(page).getByText("All answers are in").waitFor();

  const row = () => page.getByRole("list", { name: "Lookups" }).getByRole("link", { name: /198\.51\.100\.23/ });
  const lock = () => row().getByRole("img", { name: "Private" });
  await page.getByRole("link", { name: "History" }).click();
  await lock().waitFor();
  await page.goBack();
  await seenBy("only you").click();
  await page.getByRole("menuitem", { name: "Everyone" }).click();
  await seenBy("everyone").waitFor();
  await page.getByRole("link", { name: "History" }).click();
  await expect.poll(async () => [await row().count(), await lock().count()]).toEqual([1, 0]);
  expect(faults).toEqual([]);
  await close();
});

it("shows a source with its code, and a source that is turned off is not asked", async () => {
  const { page, faults, close } = await site.signedIn("/sources");
  await page.getByRole("link", { name: "Breaker" }).click();
  await page.getByLabel("Code of Breaker").getByText("the answer was no JSON").waitFor();
  await page.getByRole("switch", { name: "Ask Breaker" }).click();
  await page.getByText("Breaker is off").waitFor();
  await lookUp(page, indicator);
  await page.getByText("1 not asked").waitFor();
  expect(await strip(page, "Breaker").count()).toBe(0);
  await page.getByRole("link", { name: "Sources" }).click();
  await page.getByRole("link", { name: "Breaker" }).click();
  await page.getByRole("switch", { name: "Ask Breaker" }).click();
  await page.getByText("Breaker is on").waitFor();
  expect(faults).toEqual([]);
  await close();
});

it("compares a version with the one in use, and rolls back to it", async () => {
  const { page, faults, close } = await site.signedIn("/");
  const { id } = await site.client.sources.getBySlug({ params: { slug: "accuser" } });
  const before = await site.client.sources.get({ params: { id } });
  await site.client.sources.update({ params: { id }, body: { code: `${before.code}\n// changed`, tags: ["new"] } });
  await page.goto("/sources/accuser");
  await page.getByRole("tab", { name: "Versions" }).click();
  await page.getByRole("button", { name: "Compare version 1" }).click();
  const code = page.getByRole("region", { name: "Changes of the code" });
  await code.getByText("Added: // changed").waitFor();
  await page.getByRole("region", { name: "Changes of the manifest" }).getByText("new").waitFor();
  await page.getByRole("button", { name: "Roll back" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
  await page.getByText("Accuser is as in version 1").waitFor();
  await page.getByText("None: code and manifest are the same.").waitFor();
  const after = await site.client.sources.get({ params: { id } });
  expect([after.code, after.tags, after.versionNumber]).toEqual([before.code, before.tags, 3]);
  expect(faults).toEqual([]);
  await close();
});

it("tries a source on an indicator, and stores nothing", async () => {
  const { page, faults, close } = await site.signedIn("/sources/accuser");
  const before = (await site.client.requests.list()).items.length;
  await page.getByRole("tab", { name: "Try it" }).click();
  const form = page.getByRole("form", { name: "Try Accuser" });
  await form.getByLabel("Indicator").fill("198[.]51[.]100[.]7");
  await form.getByRole("button", { name: "Run" }).click();
  const result = page.getByRole("region", { name: "Result" });
  await result.getByText("Seen in 3 attacks").waitFor();
  expect(await result.innerText()).toMatch(/^\s*Malicious\s+IPv4 address/);
  await result.getByText("seen:").waitFor();
  await result.getByRole("tab", { name: /Logs/ }).click();
  await result.getByText("looked").waitFor();

  await form.getByLabel("Indicator").fill("just words");
  await form.getByRole("button", { name: "Run" }).click();
  await page.getByText("It was not run").waitFor();
  expect((await site.client.requests.list()).items.length).toBe(before);
  expect(faults).toEqual([]);
  await close();
});

it("makes an API token that works, shows it once, and revokes it", async () => {
  const { page, faults, close } = await site.signedIn("/settings/tokens");
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("What is it for?").fill("gateway");
  await page.getByRole("button", { name: "Make token" }).click();
  const token = await page.getByLabel("Token", { exact: true }).innerText();
  const status = async () =>
    (await fetch(`${site.url}/api/v1/sources`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await status()).toBe(200);
  await page.getByRole("button", { name: "I have stored it" }).click();
  await page.reload();
  await page.getByText("gateway").waitFor();
  expect(await page.content()).not.toContain(token);
  await page.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke token" }).click();
  await page.getByText("No API tokens yet").waitFor();
  expect(await status()).toBe(401);
  expect(faults).toEqual([]);
  await close();
});

it("asks to sign in when the session has ended, and goes on in the same place", async () => {
  const { page, faults, close } = await site.signedIn("/lookups");
  await page.context().clearCookies();
  await page.getByLabel("Verdict").selectOption("malicious");
  await page.getByText("Your session has ended").waitFor();
  await signIn(page, site.admin);
  await page.getByRole("heading", { name: "History" }).waitFor();
  expect(new URL(page.url()).search).toBe("?verdict=malicious");
  expect(faults).toEqual([]);
  await close();
});

it("keeps five places at hand on a telephone and the others behind More", async () => {
  const { page, faults, close } = await site.signedIn("/", 390);
  const places = page.getByRole("navigation", { name: "Assay" });
  const names = await places.getByRole("listitem").allInnerTexts();
  expect(names.filter((name) => name !== "")).toEqual(["Look up", "Extract", "Batches", "History", "More"]);
  await places.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Secrets" }).click();
  await page.getByRole("heading", { name: "Secrets" }).waitFor();
  expect(await places.getByRole("button", { name: "More" }).getAttribute("aria-current")).toBe("page");
  expect(faults).toEqual([]);
  await close();
});

it("brings the chosen tab of the settings into sight where there is no room for all", async () => {
  const { page, faults, close } = await site.signedIn("/settings/runners", 390);
  const tab = page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Runners" });
  await expect.poll(() => tab.evaluate((link) => link.getBoundingClientRect().right)).toBeLessThanOrEqual(390);
  expect(faults).toEqual([]);
  await close();
});

it.each([390, 1440])("fits a screen of %i px on every page", async (widthPx) => {
  const { page, faults, close } = await site.signedIn("/", widthPx);
  await lookUp(page, `https://long.example/${"path/".repeat(60)}?q=${"x".repeat(300)}`);
  await verdict(page).getByText("All answers are in").waitFor();
  const lookup = new URL(page.url()).pathname;
  const settings = ["", "/tokens", "/appearance", "/users", "/server", "/runners"].map((tab) => `/settings${tab}`);
  for (const path of [
    lookup,
    "/",
    "/lookups",
    "/sources",
    "/sources/accuser",
    "/sources/accuser/edit",
    "/sources/-/new",
    "/extract",
    "/batches",
    "/decisions",
    "/ignore-lists",
    "/secrets",
    "/cache",
    "/audit",
    ...settings,
    "/nowhere",
  ]) {
    await page.goto(path);
    await page.getByRole("main").waitFor();
    await expect.poll(() => page.getByRole("status", { name: /^Loading/ }).count()).toBe(0);
    expect([path, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([path, widthPx]);
  }
  expect(faults).toEqual([]);
  await close();
});
