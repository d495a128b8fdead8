import fc from "fast-check";
import { expect, test } from "vitest";
import { readRateLimit } from "./rate-limit.ts";

const nowMs = Date.parse("2026-01-01T12:00:00Z");
const read = (status: number, headers: Record<string, string>) => readRateLimit(status, Object.entries(headers), nowMs);
const nothing = { stop: false, limit: 0, left: -1, resetMs: 0, windowMs: 0 };
const minute = 60_000;
const day = 86_400_000;

test.each<[string, number, Record<string, string>, object]>([
  ["429 alone", 429, {}, { stop: true }],
  ["429 with seconds", 429, { "Retry-After": "30" }, { stop: true, resetMs: 30_000 }],
  ["429 with a date", 429, { "retry-after": "Thu, 01 Jan 2026 12:02:00 GMT" }, { stop: true, resetMs: 2 * minute }],
  [
    "429 with the day's count (AbuseIPDB)",
    429,
    {
      "Retry-After": "29241",
      "X-RateLimit-Limit": "1000",
      "X-RateLimit-Remaining": "0",
      "X-RateLimit-Reset": "1767283200",
    },
    { stop: true, limit: 1000, left: 0, resetMs: 29_241_000 },
  ],
  [
    "X-RateLimit-* with seconds since the epoch",
    200,
    { "X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "999", "X-RateLimit-Reset": "1767312000" },
    { limit: 1000, left: 999, resetMs: day / 2 },
  ],
  [
    "X-RateLimit-* with seconds to go",
    200,
    { "X-RateLimit-Remaining": "7", "X-RateLimit-Reset": "60" },
    { left: 7, resetMs: minute },
  ],
  [
    "X-Rate-Limit-* with the tightest window's name (urlscan)",
    200,
    {
      "X-Rate-Limit-Scope": "ip-address",
      "X-Rate-Limit-Action": "search",
      "X-Rate-Limit-Window": "minute",
      "X-Rate-Limit-Limit": "30",
      "X-Rate-Limit-Remaining": "12",
      "X-Rate-Limit-Reset": "2026-01-01T12:01:00.000Z",
      "X-Rate-Limit-Reset-After": "35",
    },
    { limit: 30, left: 12, resetMs: 35_000, windowMs: minute },
  ],
  ["X-Rl and X-Ttl (ip-api)", 200, { "X-Rl": "44", "X-Ttl": "60" }, { left: 44, resetMs: minute }],
  [
    "509 with a count (PhishTank)",
    509,
    { "X-Request-Limit-Interval": "300 Seconds", "X-Request-Limit": "50", "X-Request-Limit-Count": "51" },
    { stop: true, limit: 50, left: 0, windowMs: 5 * minute },
  ],
  [
    "the IETF's older draft",
    200,
    { RateLimit: "limit=100, remaining=50, reset=30", "RateLimit-Policy": "100;w=60" },
    { limit: 100, left: 50, resetMs: 30_000, windowMs: minute },
  ],
  [
    "the IETF's newer draft, the tightest of two windows",
    200,
    {
      RateLimit: '"day";r=900;t=40000, "minute";r=3;t=20',
      "RateLimit-Policy": '"minute";q=60;w=60, "day";q=1000;w=86400',
    },
    { limit: 60, left: 3, resetMs: 20_000, windowMs: minute },
  ],
  [
    "RateLimit-*",
    200,
    { "RateLimit-Limit": "5", "RateLimit-Remaining": "4", "RateLimit-Reset": "9" },
    { limit: 5, left: 4, resetMs: 9000 },
  ],
  ["403 that says when to come back", 403, { "Retry-After": "6" }, { stop: true, resetMs: 6000 }],
])("%s", (_name, status, headers, expected) => {
  expect(read(status, headers)).toEqual({ ...nothing, ...expected });
});

test.each<[string, number, Record<string, string>]>([
  ["no word", 200, { "Content-Type": "text/html" }],
  ["403 without a time: the key may lack the right", 403, {}],
  ["a plain failure", 503, {}],
  ["400 for a key that is none", 400, {}],
  ["what is no number", 200, { "X-RateLimit-Remaining": "-5", "X-RateLimit-Limit": "1e9" }],
  ["half a number", 200, { "X-RateLimit-Remaining": "0x10", RateLimit: "remaining=many" }],
])("says nothing: %s", (_name, status, headers) => {
  expect(read(status, headers)?.left ?? -1).toBeLessThanOrEqual(0);
  expect(read(status, headers)?.stop ?? false).toBe(false);
});

test("whatever anybody sends, the record is whole numbers within their bounds", () => {
  const names = [
    "retry-after",
    "ratelimit",
    "ratelimit-policy",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-rl",
    "x-ttl",
    "x-request-limit",
    "x-request-limit-count",
  ];
  const hostile = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.constantFrom(
      "9".repeat(400),
      "-1",
      "NaN",
      "Infinity",
      "1e308",
      "99999999999999",
      "0",
      '"a";r=9e9;t=-1',
      "Thu, 01 Jan 9999 00:00:00 GMT",
    ),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...names), hostile), { maxLength: 20 }),
      fc.constantFrom(200, 403, 429, 509),
      (headers, status) => {
        const said = readRateLimit(status, headers, nowMs);
        if (said === null) return;
        for (const value of [said.limit, said.left, said.resetMs, said.windowMs])
          expect(Number.isSafeInteger(value)).toBe(true);
        expect(said.left).toBeGreaterThanOrEqual(-1);
        expect(Math.max(said.resetMs, said.windowMs)).toBeLessThanOrEqual(31 * day);
        expect(Math.max(said.limit, said.left)).toBeLessThanOrEqual(2_000_000_000);
      },
    ),
  );
});

test.each(["1e99", "0x10", "5.5", "-3", "twelve", "7seven"])("%s is no number, and nothing is read into it", (text) => {
  expect(read(200, { "X-RateLimit-Remaining": text })).toBeNull();
});
