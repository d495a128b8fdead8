import type { MethodDefinition } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import type { Answer, FetchDataEvent, HealthCheckRequest, HealthCheckResponse } from "./messages.ts";
import { HealthService, RunnerService } from "./services.ts";

const answer: Answer = {
  outcome: "failed",
  resultJson: '{"a":1}',
  problem: { code: "TIMEOUT", message: "m", line: 1, column: 2, host: "h", retryAfterMs: 3, status: 4, limit: "wall" },
  timing: { queuedMs: 0.5, sandboxMs: 1.5, upstreamMs: 2.5 },
  logs: [{ atMs: 0.25, level: "info", text: "t" }],
  http: [
    {
      atMs: 0.25,
      method: "GET",
      host: "h",
      path: "/",
      status: 200,
      requestBytes: 1,
      responseBytes: 2,
      durationMs: 0.75,
      error: "e",
      rateLimit: { stop: true, limit: 1, left: 2, resetMs: 3, windowMs: 4 },
    },
  ],
};

// A value with every field set, for every message: one that the .proto lacks is lost on the way, one that the types lack
// appears on the way as its default.
function expectRoundTrip<Request, Reply>(
  { requestSerialize, requestDeserialize, responseSerialize, responseDeserialize }: MethodDefinition<Request, Reply>,
  request: Request,
  replies: Reply[],
): void {
  expect(requestDeserialize(requestSerialize(request))).toEqual(request);
  for (const reply of replies) expect(responseDeserialize(responseSerialize(reply))).toEqual(reply);
}

describe("the types say what the .proto says", () => {
  test("runner", () => {
    const code = { sourceId: "s", codeHash: "c" };
    expectRoundTrip(RunnerService.Init, { sources: [code] }, [
      { missingCodeHashes: ["c"], language: "PYTHON", sandbox: "off" },
    ]);
    expectRoundTrip(RunnerService.Update, { ...code, code: "x" }, [
      { diagnostics: [{ severity: "error", message: "m", line: 1, column: 2 }] },
    ]);
    expectRoundTrip(RunnerService.Delete, { sourceId: "s" }, [{}]);
    const events: FetchDataEvent[] = [
      { sourceId: "s", event: "missingCodeHash", missingCodeHash: "c" },
      { sourceId: "s", event: "answer", answer },
    ];
    expectRoundTrip(
      RunnerService.FetchData,
      {
        lookupId: "l",
        background: true,
        indicator: { data: "d", kind: "IPV4" },
        sources: [
          {
            ...code,
            timeoutMs: 1,
            configJson: "{}",
            hosts: ["h"],
            secrets: [{ name: "KEY", value: "v", hosts: ["h"], exposed: true }],
          },
        ],
      },
      events,
    );
    const download = { url: "u", etag: "e", lastModified: "m", bytesMax: 1, timeoutMs: 2 };
    const reply = { status: 200, etag: "e", lastModified: "m", text: "t", problem: answer.problem };
    expectRoundTrip(RunnerService.Download, download, [reply]);
  });

  test("health", () => {
    expectRoundTrip<HealthCheckRequest, HealthCheckResponse>(HealthService.Check, { service: "s" }, [
      { status: "NOT_SERVING" },
    ]);
    expectRoundTrip<HealthCheckRequest, HealthCheckResponse>(HealthService.Watch, { service: "s" }, [
      { status: "SERVICE_UNKNOWN" },
    ]);
  });

  test("what is not set arrives as its default, an absent message as null", () => {
    const { requestDeserialize } = RunnerService.FetchData;
    expect(requestDeserialize(Buffer.alloc(0))).toEqual({
      lookupId: "",
      indicator: null,
      sources: [],
      background: false,
    });
  });
});
