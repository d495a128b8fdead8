import { expect, it } from "vitest";
import { addSource, lookUp, openSite, overflowPx } from "./browser.ts";

// Calls nobody, so that it gives back what it reserved, unless it says that the provider said stop.
const code = `export function fetchData(indicator, { secrets, rateLimited }) {
  return secrets.EXAMPLE_KEY.startsWith("busy") ? rateLimited(3600000) : { data: { seen: 1 } };
}`;

const site = openSite((client) =>
  addSource(client, {
    name: "Limited",
    code,
    hosts: ["api.example.com"],
    secretSlots: [
      {
        name: "EXAMPLE_KEY",
        hosts: ["api.example.com"],
        exposed: true,
        quota: [
          { limit: 4, per: "minute" },
          { limit: 500, per: "day" },
        ],
      },
    ],
  }),
);

it("shows what is left of a key, takes the plan that one has, and lets a rest be lifted", async () => {
  const { page, faults, close } = await site.signedIn("/secrets");
  await page.getByRole("button", { name: "New secret" }).click();
  const form = page.getByRole("dialog", { name: "New secret" });
  await form.getByLabel("Name").fill("Busy account");
  await form.getByLabel("Value").fill("busy-value");
  await form.getByLabel("May be sent to").fill("api.example.com");
  await form.getByRole("button", { name: "Keep secret" }).click();
  await form.waitFor({ state: "hidden" });

  await page.goto("/sources/limited");
  await page.getByLabel("Add a secret to EXAMPLE_KEY").selectOption({ label: "Busy account" });
  const quota = page.getByRole("region", { name: "Limits" }).getByRole("listitem", { name: "Busy account" });
  await quota.getByText("4 left of 4 per minute").waitFor();
  await quota.getByText("500 left of 500 per day").waitFor();

  await page.goto("/secrets");
  const row = page.getByRole("listitem", { name: "Busy account", exact: true });
  await row.getByText("4 left of 4 per minute").waitFor();
  await page.getByText("Counted by this server alone").waitFor();
  await row.getByRole("button", { name: "Change" }).click();
  const change = page.getByRole("dialog", { name: "Change “Busy account”" });
  await change.getByLabel("Quota").selectOption({ label: "Set here, for the plan you have" });
  expect(await change.getByRole("group", { name: /^Limit / }).count()).toBe(2);
  await change.getByRole("group", { name: "Limit 1" }).getByLabel("Calls").fill("30");
  await change.getByRole("button", { name: "Remove 500 per day" }).click();
  await change.getByRole("button", { name: "Add a limit" }).click();
  await change.getByRole("group", { name: "Limit 2" }).getByLabel("Stretch of time").selectOption("month");
  await change.getByLabel("Kept for people, in percent").fill("10");
  await change.getByRole("button", { name: "Save changes" }).click();
  await change.waitFor({ state: "hidden" });
  await row.getByText("30 left of 30 per minute").waitFor();
  await row.getByText("100 left of 100 per month").waitFor();
  await row.getByText("10 % of each is kept for people").waitFor();

  await site.client.requests.execute({ query: { data: "192.0.2.1" } });
  await lookUp(page, "192.0.2.2");
  await page.getByText("rests, or the rest of its quota is kept").first().waitFor();
  await page.goto("/secrets");
  await row.getByText("The provider said stop.").waitFor();
  await row.getByRole("button", { name: "Ask again now" }).click();
  await row.getByText("The provider said stop.").waitFor({ state: "detached" });
  expect(faults).toEqual([]);
  await close();
});

it("sets how a source keeps to its limits, and says when a quota resets", async () => {
  const { page, faults, close } = await site.signedIn("/sources/limited");
  await page.getByRole("button", { name: "Change limits" }).click();
  const form = page.getByRole("dialog", { name: "Limits of Limited" });
  await form.getByRole("button", { name: "Add a limit" }).click();
  await form.getByLabel("With nothing left").selectOption({ label: "Wait for a turn" });
  await form.getByLabel("At the most, in seconds").fill("1.5");
  await form.getByRole("button", { name: "Save limits" }).click();
  await form.waitFor({ state: "hidden" });
  await page.getByText("With nothing left it waits for its turn, 1.50 s at the most").waitFor();
  const source = await site.client.sources.getBySlug({ params: { slug: "limited" } });
  expect(source).toMatchObject({
    quota: [{ limit: 100, per: "day" }],
    limitMode: "wait",
    limitWaitMs: 1500,
    versionNumber: 1,
  });

  const [secret] = (await site.client.secrets.list()).items;
  const params = { id: secret?.id ?? "" };
  await site.client.secrets.update({
    params,
    body: { value: "good-value", quota: [{ limit: 1, per: "hour" }], quotaReservePercent: 90 },
  });
  const busy = "export const fetchData = () => new Promise(() => undefined);";
  await site.client.sources.update({ params: { id: source.id }, body: { code: busy, timeoutMs: 30_000 } });
  await site.client.requests.create({ body: { data: "192.0.2.3", deadlineMs: 30_000 } });
  await expect
    .poll(async () => (await site.client.secrets.get({ params })).standing.windows.map(({ left }) => left))
    .toEqual([0]);
  await lookUp(page, "192.0.2.4");
  await page.getByText("its quota is used up").first().waitFor();
  expect(faults).toEqual([]);
  await close();
});

it("fits a telephone", async () => {
  const { page, faults, close } = await site.signedIn("/secrets", 390);
  await page.getByRole("listitem", { name: "Busy account", exact: true }).waitFor();
  for (const path of ["/secrets", "/sources/limited"]) {
    await page.goto(path);
    await page.getByText("left of 1 per hour").first().waitFor();
    expect(await overflowPx(page)).toBeLessThanOrEqual(0);
  }
  expect(faults).toEqual([]);
  await close();
});
