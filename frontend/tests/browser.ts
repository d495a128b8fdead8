import type { Client, Source } from "@assay/contract";
import { type Stack, startStack } from "@assay/tests";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

/** Debian's package; no other browser is brought along. */
const chromiumPath = "/usr/bin/chromium";
const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", ...quiet],
  });
}

export interface Visit {
  readonly page: Page;
  /** What went wrong in the page without anybody seeing it: exceptions and breaches of the content security policy. */
  readonly faults: string[];
  close(): Promise<void>;
}

/** Who signs in with a password. */
export interface Person {
  readonly email: string;
  readonly password: string;
}

/** The whole of Assay, and a browser to open it with. */
export interface Site {
  readonly url: string;
  /** The administrator's. */
  readonly client: Client;
  readonly admin: Person;
  /** A person with a browser of their own, nobody signed in. */
  visit(widthPx?: number): Promise<Visit>;
  /** The same at a page, signed in: the administrator unless told. */
  signedIn(path: string, widthPx?: number, person?: Person): Promise<Visit>;
}

/**
 * A site for the tests of a file, from before the first to after the last of them. `prepare` puts into it what they look at; `env` is added
 * to its environment.
 */
export function openSite(
  prepare?: (client: Client) => Promise<unknown>,
  env?: () => Promise<Record<string, string>>,
): Site {
  let stack: Stack;
  let browser: Browser;
  beforeAll(async () => {
    const added = await env?.();
    [stack, browser] = await Promise.all([startStack(added), launchBrowser()]);
    await prepare?.(stack.client);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });
  const site: Site = {
    get url() {
      return stack.url;
    },
    get client() {
      return stack.client;
    },
    get admin() {
      return { email: stack.adminEmail, password: stack.adminPassword };
    },
    visit: (widthPx) => visit(browser, stack.url, widthPx),
    async signedIn(path, widthPx, person = site.admin) {
      const guest = await site.visit(widthPx);
      await guest.page.goto(path);
      await signIn(guest.page, person);
      await guest.page.getByRole("navigation", { name: "Assay" }).waitFor();
      return guest;
    },
  };
  return site;
}

async function visit(browser: Browser, url: string, widthPx = 1440): Promise<Visit> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: widthPx, height: 900 } });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) faults.push(message.text());
  });
  return { page, faults, close: () => context.close() };
}

type NewSource = NonNullable<Parameters<Client["sources"]["create"]>[0]>["body"];

/** A source in JavaScript that asks nobody, of the provider "Tests". */
export async function addSource(
  client: Client,
  given: Pick<NewSource, "name" | "code"> & Partial<NewSource>,
): Promise<Source> {
  const { items } = await client.providers.list({ query: { limit: 200 } });
  const { id: providerId } =
    items.find(({ name }) => name === "Tests") ?? (await client.providers.create({ body: { name: "Tests" } }));
  return client.sources.create({
    body: { language: "JAVASCRIPT", supportedIndicators: ["IPV4"], exposure: "local", providerId, ...given },
  });
}

/** Switches off the sources that come with Assay. */
export async function switchSourcesOff(client: Client): Promise<void> {
  const { items } = await client.sources.list({ query: { limit: 200 } });
  for (const { id } of items) await client.sources.update({ params: { id }, body: { enabled: false } });
}

/** Fills in the form that stands on the page. */
export async function signIn(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Types into the look-up box, as somebody who never touches the mouse. */
export async function lookUp(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.insertText(text);
  await page.getByRole("button", { name: /^Kind: / }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/lookups\/[0-9a-z]{12}/);
}

/** By how much the page is wider than the screen. */
export const overflowPx = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
