import type { AnswerProblem, HttpCall, RateLimit } from "@assay/contract";
import { expect, test } from "vitest";
import { ruleOf } from "./admission.ts";
import { learn } from "./upstream-words.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
const rule = ruleOf(
  "secret:a",
  [
    { limit: 4, per: "minute" },
    { limit: 500, per: "day" },
  ],
  0,
);
const bare = ruleOf("secret:a", [], 0);
const silent: RateLimit = { stop: false, limit: null, left: null, resetMs: null, windowMs: null };
const call = (rateLimit?: Partial<RateLimit>, host = "api.example.org"): HttpCall => ({
  atMs: 0,
  method: "GET",
  host,
  path: "/",
  status: 200,
  requestBytes: 0,
  responseBytes: 0,
  durationMs: 1,
  error: "",
  ...(rateLimit && { rateLimit: { ...silent, ...rateLimit } }),
});
const limited = (retryAfterMs?: number): AnswerProblem[] => [
  { code: "RATE_LIMITED", message: "", ...(retryAfterMs !== undefined && { retryAfterMs }) },
];
const hosts = ["api.example.org"];

test.each<[string, HttpCall[], object[]]>([
  [
    "by the window's length",
    [call({ left: 2, windowMs: dayMs, resetMs: 1000 })],
    [{ perMs: dayMs, left: 2, resetsInMs: 1000 }],
  ],
  ["by its limit", [call({ left: 2, limit: 500 })], [{ perMs: dayMs, left: 2, resetsInMs: dayMs }]],
  ["by the reset", [call({ left: 1, resetMs: 30_000 })], [{ perMs: minuteMs, left: 1, resetsInMs: 30_000 }]],
  [
    "by a reset that fits the longer one only",
    [call({ left: 1, resetMs: 3_600_000 })],
    [{ perMs: dayMs, left: 1, resetsInMs: 3_600_000 }],
  ],
  ["a day at the most", [call({ left: 1, resetMs: 30 * dayMs })], [{ perMs: dayMs, left: 1, resetsInMs: dayMs }]],
  ["nothing where nothing is left to be known", [call({ limit: 500 }), call()], []],
  ["nothing of a host where the secret does not go", [call({ left: 0, resetMs: 1000 }, "other.example.org")], []],
])("what is left is told of the window that is meant: %s", (_name, http, told) => {
  expect(learn(rule, hosts, http, []).told).toEqual(told);
});

test.each<[string, Parameters<typeof learn>, number]>([
  ["a stop without a time", [rule, hosts, [call({ stop: true })], []], minuteMs],
  ["a stop with one", [rule, hosts, [call({ stop: true, resetMs: 5000 })], limited()], 5000],
  ["what the source says", [rule, hosts, [], limited(7000)], 7000],
  ["the longer of both", [rule, hosts, [call({ stop: true, resetMs: 5000 })], limited(7000)], 7000],
  ["a day at the most", [rule, hosts, [], limited(900 * dayMs)], dayMs],
  ["a stop elsewhere", [rule, hosts, [call({ stop: true }, "other.example.org")], []], 0],
  [
    "nothing left, where no window is set that could be lowered",
    [bare, hosts, [call({ left: 0, resetMs: 9000 })], []],
    9000,
  ],
  ["nothing left, where there is one", [rule, hosts, [call({ left: 0, resetMs: 9000 })], []], 0],
])("how long it rests: %s", (_name, input, restMs) => {
  expect(learn(...input).restMs).toBe(restMs);
});

test("calls are counted where the secret goes; a source's own quota counts all, names included", () => {
  const http = [call(), call(undefined, "other.example.org"), { ...call(undefined, "example.com"), method: "DNS" }];
  expect(learn(rule, ["*.example.org"], http, []).calls).toBe(2);
  expect(learn(rule, hosts, http, []).calls).toBe(1);
  expect(learn(rule, null, http, []).calls).toBe(3);
});
