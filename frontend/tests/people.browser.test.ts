import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@assay/tests";
import { startTestOpenidProvider, type TestOpenidProvider } from "@assay/tests/openid";
import { afterAll, expect, it } from "vitest";
import { openSite, signIn } from "./browser.ts";

let folder: string;
let provider: TestOpenidProvider;
const site = openSite(undefined, async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-people-"));
  const port = String(await freePort());
  provider = await startTestOpenidProvider([`http://127.0.0.1:${port}/api/v1/auth/openid/company/redirect`]);
  const { issuer, clientId, clientSecret } = provider;
  const entry = { id: "company", name: "Company", issuer, clientId, clientSecret };
  const accounts = { create: "domains", domains: ["example.org"], roles: ["analyst"] };
  const openidFile = join(folder, "openid.yaml");
  await writeFile(openidFile, JSON.stringify({ providers: [{ ...entry, accounts }] }));
  return { ASSAY_OPENID_FILE: openidFile, ASSAY_PORT: port, ASSAY_PUBLIC_URL: `http://127.0.0.1:${port}` };
});
afterAll(async () => {
  await provider?.close();
  await rm(folder, { recursive: true, force: true });
});

it("signs people in through their provider, back to where they wanted to go, and says why where it does not", async () => {
  const { page, faults, close } = await site.visit();
  provider.person = { subject: "eve", claims: { email: "eve@elsewhere.example", email_verified: true } };
  await page.goto("/sources?q=dns");
  await page.getByRole("link", { name: "Sign in with Company" }).click();
  await page.getByRole("alert").filter({ hasText: "You have no account here" }).waitFor();
  // The provider would go on with whom it knows from before.
  await page.context().clearCookies();
  provider.person = { subject: "ada", claims: { email: "ada@example.org", email_verified: true, name: "Ada" } };
  await page.getByRole("link", { name: "Sign in with Company" }).click();
  await page.waitForURL("**/sources?q=dns");
  await page.getByRole("button", { name: "Account of Ada" }).waitFor();
  // An analyst does not even see what only administrators may do.
  await page.goto("/settings");
  expect(await page.getByRole("link", { name: "Users" }).count()).toBe(0);
  await page.getByRole("list", { name: "Sessions" }).getByText("Through company").waitFor();
  expect(faults).toEqual([]);
  await close();
});

it("takes a wish for an account, refuses a weak password in plain words, and lets in whom an administrator approves", async () => {
  const lin = await site.visit();
  await lin.page.goto("/");
  await lin.page.getByRole("link", { name: "Sign in with Company" }).waitFor();
  expect(await lin.page.getByRole("button", { name: "Ask for one" }).count()).toBe(0);
  await site.client.config.update({ body: { signUpEnabled: true } });
  await lin.page.reload();
  await lin.page.getByRole("button", { name: "Ask for one" }).click();
  await lin.page.getByLabel("E-mail").fill("lin@example.org");
  await lin.page.getByLabel("Name", { exact: true }).fill("Lin");
  await lin.page.getByLabel("Password", { exact: true }).fill("Password12345");
  await lin.page.getByRole("button", { name: "Ask for an account" }).click();
  await lin.page.getByRole("alert").filter({ hasText: "It is too easy to guess." }).waitFor();
  await lin.page.getByLabel("Password", { exact: true }).fill("seven grey herons asleep");
  await lin.page.getByRole("button", { name: "Ask for an account" }).click();
  await lin.page.getByText("An administrator will look at it").waitFor();

  const admin = await site.signedIn("/settings/users");
  const waiting = admin.page.getByRole("list", { name: "Waiting for approval" }).getByRole("listitem");
  await waiting.filter({ hasText: "lin@example.org" }).getByRole("button", { name: "Approve" }).click();
  await admin.page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
  await admin.page.getByRole("list", { name: "Accounts" }).getByText("lin@example.org").waitFor();
  await expect.poll(() => waiting.count()).toBe(0);

  await lin.page.getByRole("button", { name: "Back to sign-in" }).click();
  await signIn(lin.page, { email: "lin@example.org", password: "seven grey herons asleep" });
  await lin.page.getByRole("button", { name: "Account of Lin" }).waitFor();
  expect([...admin.faults, ...lin.faults]).toEqual([]);
  await admin.close();
  await lin.close();
});

it("links an account that signs in from then on, and an administrator sees, changes and stops it", async () => {
  const admin = await site.signedIn("/settings");
  provider.person = { subject: "root", claims: { email: "root@elsewhere.example", email_verified: true } };
  await admin.page.getByRole("button", { name: "Link", exact: true }).click();
  await admin.page.getByText("Company signs you in from now on").waitFor();

  await admin.page.getByRole("link", { name: "Users" }).click();
  await admin.page.getByRole("button", { name: "New account" }).click();
  await admin.page.getByLabel("E-mail").fill("grace@example.org");
  await admin.page.getByLabel("Name", { exact: true }).fill("Grace");
  await admin.page.getByRole("button", { name: "Make account" }).click();
  const password = (await admin.page.getByLabel("Password", { exact: true }).textContent()) ?? "";
  await admin.page.getByRole("button", { name: "I have stored it" }).click();

  const grace = await site.signedIn("/", 1440, { email: "grace@example.org", password });
  await grace.page.getByRole("button", { name: "Account of Grace" }).waitFor();

  const row = admin.page.getByRole("list", { name: "Accounts" }).getByRole("listitem").filter({ hasText: "grace@" });
  await row.getByRole("button", { name: "Edit" }).click();
  await admin.page.getByRole("switch", { name: "May sign in" }).click();
  await admin.page.getByRole("button", { name: "Save" }).click();
  await row.getByText("Disabled").waitFor();
  await grace.page.goto("/sources");
  await grace.page.getByRole("button", { name: "Sign in" }).waitFor();
  expect([...admin.faults, ...grace.faults]).toEqual([]);
  await admin.close();
  await grace.close();
});
