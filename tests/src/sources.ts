import type { Client, Language, Source } from "@assay/contract";

/** Adds a source of this code that takes IPv4 addresses and needs no network. */
export async function addSource(
  client: Client,
  language: Language,
  name: string,
  code: string,
  timeoutMs = 5000,
): Promise<Source> {
  const { items } = await client.providers.list({ query: { limit: 200 } });
  const provider =
    items.find((item) => item.slug === "tests") ?? (await client.providers.create({ body: { name: "Tests" } }));
  return client.sources.create({
    body: {
      name,
      providerId: provider.id,
      language,
      code,
      supportedIndicators: ["IPV4"],
      exposure: "local",
      timeoutMs,
    },
  });
}

/** Code that answers after so many milliseconds. */
export const answersAfter: Record<Language, (ms: number) => string> = {
  JAVASCRIPT: (ms) =>
    `export async function fetchData(indicator) {\n  await new Promise((done) => setTimeout(done, ${ms}));\n  return { data: { seen: indicator.data } };\n}\n`,
  PYTHON: (ms) =>
    `import time\n\ndef fetch_data(indicator, context):\n    time.sleep(${ms / 1000})\n    return {"data": {"seen": indicator.data}}\n`,
};
