import { context, trace, TraceFlags } from "@opentelemetry/api";
import { afterEach, expect, test, vi } from "vitest";
import { createLogger } from "./index.ts";
import { startTelemetry } from "./telemetry.ts";

afterEach(() => void vi.restoreAllMocks());

function capture() {
  const lines: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  return lines;
}

const pretty = () => createLogger({ name: "api", level: "debug", format: "pretty" });

test("credentials are censored at any depth, in both formats; what surrounds them is shown", () => {
  const lines = capture();
  pretty().info(
    {
      route: "/login",
      body: { email: "a@example.org", password: "hunter2" },
      headers: [{ authorization: "Bearer abc" }, { cookie: "sid=1" }],
      runnerToken: "t0ken",
      config: { secrets: { KEY: "k3y" } },
    },
    "tried",
  );
  expect(lines.join()).toMatch(/^\d\d:\d\d:\d\d api +tried {2}route=\/login/);
  expect(lines.join()).toContain("a@example.org");
  expect(lines.join()).not.toMatch(/hunter2|Bearer|sid=1|t0ken|k3y/);
});

test("an error shows its message and causes, and none of the fields that libraries hang on it", () => {
  const lines = capture();
  const error = Object.assign(new Error("outer", { cause: new Error("inner") }), { request: { key: "hunter2" } });
  pretty().warn({ err: error }, "failed");
  expect(lines.join()).toMatch(/warn: failed: outer: inner\n$/);
  pretty().error({ err: error }, "failed");
  expect(lines[1]).toMatch(/logger\.test\.ts/);
  expect(lines.join()).not.toContain("hunter2");
});

test("JSON lines carry the level by name and, within a span, its trace id", async () => {
  const telemetry = startTelemetry({ serviceName: "test", sampleRatio: 0 });
  const lines: string[] = [];
  const logger = createLogger({ name: "api", level: "info", format: "json" });
  const stream = Object.getOwnPropertySymbols(logger).find((symbol) => symbol.description === "pino.stream");
  if (stream) Reflect.set(logger, stream, { write: (line: string) => lines.push(line) });
  const span = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: TraceFlags.NONE };
  context.with(trace.setSpanContext(context.active(), span), () => logger.info({ token: "t0ken" }, "hello"));
  await telemetry.shutdown();
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    level: "info",
    name: "api",
    msg: "hello",
    traceId: span.traceId,
    token: "[redacted]",
  });
});
