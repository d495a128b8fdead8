import type { Client, indicatorsApi } from "@assay/contract";
import { expect } from "vitest";

/** One call per endpoint of indicators that succeeds. */
export function indicatorCases(
  caller: () => { readonly client: Client },
): Record<keyof typeof indicatorsApi, () => Promise<unknown>> {
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
  };
}
