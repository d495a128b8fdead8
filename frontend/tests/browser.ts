import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's package; no other browser is brought along. */
const chromiumPath = "/usr/bin/chromium";
const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

export function launchBrowser(): Promise<Browser> {
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

/** A person with a browser of their own, nobody signed in. */
export async function visit(browser: Browser, url: string, widthPx = 1440): Promise<Visit> {
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

/** Fills in the form that stands on the page. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
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
