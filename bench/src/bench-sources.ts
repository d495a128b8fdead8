import type { Client, Language } from "@assay/contract";

const code: Record<Language, string> = {
  JAVASCRIPT: `export async function fetchData(indicator) {
  return { data: { seen: indicator.data, length: indicator.data.length } };
}
`,
  PYTHON: `def fetch_data(indicator, context):
    return {"data": {"seen": indicator.data, "length": len(indicator.data)}}
`,
};

/** Adds so many sources that need no network. Returns their ids. */
export async function addSources(client: Client, language: Language, count: number): Promise<string[]> {
  const provider = await client.providers.create({ body: { name: `Bench ${language.toLowerCase()}` } });
  const ids: string[] = [];
  for (let n = 1; n <= count; n++) {
    const source = await client.sources.create({
      body: {
        name: `Bench ${language.toLowerCase()} ${n}`,
        providerId: provider.id,
        language,
        code: code[language],
        supportedIndicators: ["IPV4"],
        exposure: "local",
      },
    });
    ids.push(source.id);
  }
  return ids;
}
