import type { api, Client, Source } from "@assay/contract";
import { expect } from "vitest";

/** One call per endpoint of indicators that succeeds. */
export function indicatorCases(
  caller: () => { readonly client: Client; newSource(): Promise<Source> },
): Record<keyof typeof api.indicators, () => Promise<unknown>> {
  const extract = (body: Parameters<Client["indicators"]["extract"]>[0]["body"]) =>
    caller().client.indicators.extract({ body });
  return {
    async kinds() {
      expect((await caller().client.indicators.kinds()).items.map(({ kind }) => kind)).toContain("SHA256");
    },
    async extract() {
      expect(await extract({ text: "See hxxp://evil[.]com/a and report.pdf." })).toEqual({
        indicators: [
          {
            data: "http://evil.com/a",
            kind: "URL",
            raw: "hxxp://evil[.]com/a",
            offset: 4,
            length: 19,
            confidence: "high",
          },
        ],
        dropped: [
          {
            raw: "report.pdf",
            offset: 28,
            reason: "it is the name of a file: .pdf is not a top-level domain",
          },
        ],
        leftOut: { indicators: 0, dropped: 0 },
      });
      // Two million characters that escape to far more bytes in the body, read by a worker.
      const long = `8.8.8.8 ${"\n".repeat(2 * 1024 * 1024 - 16)} 1.1.1.1`;
      expect((await extract({ text: long, kinds: ["IPV4"] })).indicators.map(({ data }) => data)).toEqual([
        "8.8.8.8",
        "1.1.1.1",
      ]);
      await expect(extract({ text: `${long}.` })).rejects.toMatchObject({
        problem: { code: "VALIDATION_FAILED", errors: [{ field: "body.text" }] },
      });
      await expect(extract({ text: "x", kinds: [] })).rejects.toMatchObject({
        problem: { code: "VALIDATION_FAILED", errors: [{ field: "body.kinds" }] },
      });
    },
    async plan() {
      const { client, newSource } = caller();
      const { id, name } = await newSource();
      const indicators = [
        "8.8.8.8",
        "8[.]8[.]8[.]8",
        { data: "example.com", kind: "DOMAIN" as const },
        "no such thing",
      ];
      const planned = await client.indicators.plan({ body: { indicators, sourceIds: [id] } });
      expect(planned).toMatchObject({
        text: `2 indicators, 1 call to ${name}`,
        duplicates: 1,
        invalid: 1,
        calls: 1,
        sources: [{ calls: 1, skipped: [{ code: "UNSUPPORTED_INDICATOR", count: 1 }] }],
        rows: [
          { data: "8.8.8.8", sources: [{ sourceId: id, action: "ask", problems: [] }] },
          { data: "example.com", sources: [{ sourceId: id, action: "skip" }] },
        ],
        invalidRows: [{ data: "no such thing" }],
      });
      const text = "Seen 8.8.8.8 in report.pdf, and 192.0.2.77, which is ours";
      const { items } = await client.requests.list({ query: { data: "8.8.8.8" } });
      expect(await client.indicators.plan({ body: { text, sourceIds: [id] } })).toMatchObject({
        indicators: 2,
        invalid: 1,
      });
      // Nothing was asked.
      expect((await client.requests.list({ query: { data: "8.8.8.8" } })).items).toEqual(items);
      await client.sources.update({ params: { id }, body: { quota: [{ limit: 1, per: "day" }] } });
      const limited = await client.indicators.plan({ body: { indicators: ["8.8.8.8", "9.9.9.9"], sourceIds: [id] } });
      expect(limited).toMatchObject({
        text: `2 indicators, 2 calls to ${name} of 1 left today`,
        sources: [{ lookups: 2, calls: 2, quota: { left: 1, limit: 1, per: "day", secretId: null } }],
      });
      await client.sources.update({ params: { id }, body: { callsPerLookup: 3, quota: [{ limit: 5, per: "day" }] } });
      expect(
        await client.indicators.plan({ body: { indicators: ["8.8.8.8", "9.9.9.9"], sourceIds: [id] } }),
      ).toMatchObject({
        text: `2 indicators, 6 calls to ${name} of 5 left today`,
        calls: 6,
        sources: [{ lookups: 2, calls: 6 }],
      });
      await expect(client.indicators.plan({ body: {} })).rejects.toMatchObject({
        problem: { code: "VALIDATION_FAILED", errors: [{ field: "body.indicators" }] },
      });
      const unknown = { indicators: ["8.8.8.8"], sourceIds: ["aaaaaaaaaaaa"] };
      await expect(client.indicators.plan({ body: unknown })).rejects.toMatchObject({
        problem: { code: "UNKNOWN_SOURCE", errors: [{ field: "body.sourceIds[0]" }] },
      });
    },
  };
}
