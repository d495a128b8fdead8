import type { Request } from "@assay/contract";
import { expect, it } from "vitest";
import { addSource, openSite } from "./browser.ts";

let sourceId: string;
const site = openSite(async (client) => {
  const source = await addSource(client, {
    name: "Careful",
    code: `export const fetchData = ({ data }) => ({ data, verdict: "benign" });`,
    supportedIndicators: ["URL", "EMAIL"],
    reliability: "A",
    strip: ["url_query", "email_local_part"],
  });
  sourceId = source.id;
});

const lookUp = (data: string): Promise<Request> =>
  site.client.requests.create({ query: { wait: "20s" }, body: { data, sourceIds: [sourceId] } });

it("shows what a source never sees, what it was asked instead, and why it was not asked at all", async () => {
  const { page, faults, close } = await site.signedIn("/sources/careful");
  await page.getByText("the query of a URL, the local part of an e-mail address").waitFor();
  const { id } = await lookUp("https://login.example/reset?mail=anna");
  await page.goto(`/lookups/${id}?source=careful`);
  const strip = page.getByRole("list", { name: "Answers by source" }).getByRole("button", { name: /Careful/ });
  expect(await strip.innerText()).toContain("asked without query");
  await page.getByRole("article", { name: "Answer of Careful" }).getByText("its answer is about").waitFor();
  await page.getByText("answered without an opinion that decides").waitFor();
  const mail = await lookUp("anna@example.org");
  await page.goto(`/lookups/${mail.id}`);
  await page.getByText("1 what it may see is not enough").waitFor();
  expect(faults).toEqual([]);
  await close();
});

it("tells how much lookups take up and what retention would delete, and says on a lookup what it deleted", async () => {
  const { page, faults, close } = await site.signedIn("/settings/server");
  await page.getByText("Lookups take up").waitFor();
  const keep = page.getByLabel("Keep failures", { exact: true });
  await keep.fill("30");
  await keep.press("Enter");
  await page.getByRole("button", { name: "Back to 0 days" }).waitFor();
  await page.getByLabel("Most space for lookups").fill("512");
  await page.getByLabel("Most space for lookups").press("Enter");
  await page.getByText("of 512 MiB").waitFor();

  const { id } = await lookUp("https://login.example/");
  // What the server would tell a month later.
  await page.route(`**/api/v1/requests/${id}`, async (route) => {
    const whole = (await (await route.fetch()).json()) as Request;
    await route.fulfill({
      json: { ...whole, answers: [], prunedAnswers: { count: 1, at: "2026-06-01T00:00:00.000Z" } },
    });
  });
  await page.goto(`/lookups/${id}`);
  await page.getByText(/^1 answer was deleted by retention on/).waitFor();
  expect(faults).toEqual([]);
  await close();
});

it.each([1440, 390])("makes a token with a highest TLP and markings of its own, at %d px", async (widthPx) => {
  const { page, faults, close } = await site.signedIn("/settings/tokens", widthPx);
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("What is it for?").fill(`mail gateway ${widthPx}`);
  await page.getByLabel("TLP of its lookups").selectOption("RED");
  await page.getByLabel("Highest TLP").selectOption("GREEN");
  await page.getByRole("button", { name: "Make token" }).click();
  await page.getByText(/is above the token's own bound, GREEN/).waitFor();
  await page.getByLabel("TLP of its lookups").selectOption("CLEAR");
  await page.getByRole("button", { name: "Make token" }).click();
  const token = await page.getByLabel("Token", { exact: true }).innerText();
  await page.goto("/settings/tokens");
  const row = page.getByRole("listitem").filter({ hasText: `mail gateway ${widthPx}` });
  await row.getByText("Up to TLP:GREEN").waitFor();
  await row.getByText("TLP:CLEAR unless the call says").waitFor();
  const ask = async (body: object): Promise<number> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    return (await fetch(`${site.url}/api/v1/requests`, { method: "POST", headers, body: JSON.stringify(body) })).status;
  };
  expect(await ask({ data: "192.0.2.1" })).toBeLessThan(300);
  expect(await ask({ data: "192.0.2.1", tlp: "AMBER" })).toBe(403);
  expect(faults).toEqual([]);
  await close();
});
