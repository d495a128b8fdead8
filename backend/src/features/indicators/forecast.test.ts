import { planRowsMax } from "@assay/contract";
import { expect, test } from "vitest";
import { testSource } from "../lookups/fixtures.ts";
import type { SpendingOf } from "../quotas/quota-forecast.ts";
import { forecastText } from "./forecast-text.ts";
import { createForecast, type ForecastRow, type ForecastSource } from "./forecast.ts";

const first = testSource("first", { snapshot: { name: "First" } });
const second = testSource("second");
const ask = (source = first): ForecastSource => ({ source, action: "ask", problems: [] });
const cached = (source = first): ForecastSource => ({ source, action: "cached", problems: [] });
const skip = (code: "WITHIN_IGNORE_LIST" | "TLP", source = first): ForecastSource => ({
  source,
  action: "skip",
  problems: [{ code, message: `because of ${code}` }],
});
const unlimited: SpendingOf = (_, lookups) => ({ calls: lookups, quota: null });
const row = (data: string, ...sources: ForecastSource[]): ForecastRow => ({
  data,
  kind: "IPV4",
  ignoreLists: [],
  sources,
});

test("an indicator is ignored, cached or asked, by what would come of all of its sources together", () => {
  const forecast = createForecast();
  forecast.add(row("192.0.2.1", ask(), cached(second)));
  forecast.add(row("192.0.2.2", cached(), skip("TLP", second)));
  forecast.add(row("192.0.2.3", skip("WITHIN_IGNORE_LIST"), skip("WITHIN_IGNORE_LIST", second)));
  forecast.add(row("192.0.2.4", skip("WITHIN_IGNORE_LIST"), ask(second)));
  forecast.add(row("192.0.2.5", skip("TLP")));
  forecast.addDuplicate();
  forecast.addInvalid("x".repeat(500), "it is nothing");
  const { sources, rows, ...counts } = forecast.total(unlimited);
  expect(counts).toEqual({
    text: "5 indicators, 1 ignored, 1 cached, 2 calls to 2 sources",
    indicators: 5,
    duplicates: 1,
    invalid: 1,
    ignored: 1,
    cached: 1,
    unasked: 1,
    calls: 2,
    invalidRows: [{ data: "x".repeat(200), reason: "it is nothing" }],
  });
  expect(sources.map(({ source, calls, cached: known, skipped }) => [source.slug, calls, known, skipped])).toEqual([
    [
      "first",
      1,
      1,
      [
        { code: "WITHIN_IGNORE_LIST", count: 2, example: "because of WITHIN_IGNORE_LIST" },
        { code: "TLP", count: 1, example: "because of TLP" },
      ],
    ],
    [
      "second",
      1,
      1,
      [
        { code: "TLP", count: 1, example: "because of TLP" },
        { code: "WITHIN_IGNORE_LIST", count: 1, example: "because of WITHIN_IGNORE_LIST" },
      ],
    ],
  ]);
  expect(rows[4]).toEqual({
    data: "192.0.2.5",
    kind: "IPV4",
    ignoreLists: [],
    sources: [{ sourceId: first.snapshot.id, action: "skip", problems: [{ code: "TLP", message: "because of TLP" }] }],
  });
});

test("of many indicators the first are told one by one, and all are counted", () => {
  const forecast = createForecast();
  for (let i = 0; i < 2_000; i++) forecast.add(row(`indicator ${i}`, ask()));
  const { text, calls, rows } = forecast.total(unlimited);
  expect([text, calls, rows.length]).toEqual(["2,000 indicators, 2,000 calls to First", 2_000, planRowsMax]);
  expect(createForecast().total(unlimited).text).toBe("0 indicators, no calls");
});

test("what is left is told beside what is to be spent, and where it is not enough", () => {
  const quota = (left: number | null, per: string | null) => ({ left, limit: 500, per, secretId: null, waitMs: 0 });
  const forecast = createForecast();
  for (let i = 0; i < 111; i++) forecast.add(row(`indicator ${i}`, ask()));
  expect(forecast.asked()).toEqual([first]);
  const textWith = (left: number | null, per: string | null, each = 1) =>
    forecast.total((_, lookups) => ({ calls: each * lookups, quota: quota(left, per) })).text;
  expect(textWith(388, "day")).toBe("111 indicators, 111 calls to First of 388 left today");
  expect(textWith(4, "30s")).toBe("111 indicators, 111 calls to First of 4 left per 30s");
  expect(textWith(null, "day")).toBe("111 indicators, 111 calls to First");
  expect(textWith(12, null)).toBe("111 indicators, 111 calls to First of 12 left");
  expect(textWith(388, "day", 3)).toBe("111 indicators, 333 calls to First of 388 left today");
  forecast.add(row("another", ask(second)));
  expect(textWith(1, "day")).toBe(
    "112 indicators, 112 calls to 2 sources, more than is left at First (111 calls of 1 left today)",
  );
  expect(textWith(111, "day")).toBe("112 indicators, 112 calls to 2 sources");
  // Enough for as many lookups, but each makes three calls.
  expect(textWith(111, "day", 3)).toBe(
    "112 indicators, 336 calls to 2 sources, more than is left at First (333 calls of 111 left today)",
  );
  expect(forecast.total((_, lookups) => ({ calls: 3 * lookups, quota: null })).sources).toMatchObject([
    { lookups: 111, calls: 333 },
    { lookups: 1, calls: 3 },
  ]);
});

test("where the cache cannot be read all that might be asked counts as asked, and that is said", () => {
  const forecast = createForecast();
  forecast.add(row("192.0.2.1", cached()));
  forecast.add(row("192.0.2.2", ask(), cached(second)));
  expect(forecast.asked()).toEqual([first]);
  forecast.cacheUnread();
  forecast.add(row("192.0.2.3", ask(), skip("WITHIN_IGNORE_LIST", second)));
  forecast.add(row("192.0.2.4", skip("WITHIN_IGNORE_LIST")));
  expect(forecast.asked()).toEqual([first, second]);
  const { text, cached: known, ignored, calls, sources, rows } = forecast.total(unlimited);
  expect([text, known, ignored, calls]).toEqual([
    "4 indicators, 1 ignored, at the most 4 calls to 2 sources, as the cache could not be read",
    null,
    1,
    4,
  ]);
  expect(sources.map(({ lookups, cached: ofSource }) => [lookups, ofSource])).toEqual([
    [3, null],
    [1, null],
  ]);
  expect(rows.flatMap((each) => each.sources.map(({ action }) => action))).toEqual([
    ...["ask", "ask", "ask", "ask", "skip", "skip"],
  ]);
});

test("a source that is changed while it is added up stays one source", () => {
  const forecast = createForecast();
  forecast.add(row("192.0.2.1", ask()));
  forecast.add(row("192.0.2.2", ask({ ...first, enabled: false })));
  expect(forecast.total(unlimited).sources).toMatchObject([{ lookups: 2, calls: 2 }]);
  expect(forecast.asked()).toHaveLength(1);
});

test("of what is under way it tells what is to go", () => {
  const counts = { indicators: 1_500, ignored: 2, cached: 61, calls: 0 };
  expect(forecastText(counts, [], true)).toBe("1,500 indicators to go, 2 ignored, 61 cached, no calls");
});
