import { isUtf8 } from "node:buffer";
import {
  isTooDeep,
  resultDepthMax,
  sandboxLimits,
  withoutHalves,
  type Diagnostic,
  type LogLevel,
  type SandboxOutcome,
} from "@assay/runner-common";
import { z } from "zod";
import { resultStatus } from "../sandbox/frames.js";
import { failed } from "./outcome.ts";

const levels: readonly LogLevel[] = ["debug", "info", "warn", "error"];
const whole = z.int().min(0).max(0xffff_ffff);
const message = z.string().transform((text) => text.slice(0, sandboxLimits.problemMessageCharsMax));

const problemSchema = z.strictObject({
  code: z.enum([
    "TIMEOUT",
    "RATE_LIMITED",
    "UNAUTHORIZED",
    "FORBIDDEN",
    "UPSTREAM_ERROR",
    "BAD_RESPONSE",
    "EGRESS_DENIED",
    "SANDBOX_LIMIT",
    "SOURCE_ERROR",
    "CANCELLED",
  ]),
  message,
  line: whole.exactOptional(),
  column: whole.exactOptional(),
  host: z.string().max(1000).exactOptional(),
  retryAfterMs: whole.exactOptional(),
  status: whole.exactOptional(),
  limit: z.enum(["cpu", "memory", "output", "wall"]).exactOptional(),
});

const diagnosticsSchema = z
  .array(z.strictObject({ severity: z.enum(["error", "warning"]), message, line: whole, column: whole }))
  .max(100);

const garbled: SandboxOutcome = failed({
  code: "SOURCE_ERROR",
  message: "The sandbox of the source gave an answer that cannot be read.",
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function tooLong(bytes: number): SandboxOutcome {
  const message = `The source returned ${bytes} bytes of JSON; ${sandboxLimits.resultBytesMax} are allowed.`;
  return failed({ code: "BAD_RESPONSE", message });
}

/** What a host says of a call, checked: whoever took the host over could write anything. */
export function answerOf(status: number, payload: Buffer): SandboxOutcome {
  if (status === resultStatus.notFound) return { kind: "notFound" };
  if (status === resultStatus.returned) {
    const { resultBytesMax } = sandboxLimits;
    if (payload.length > resultBytesMax) return tooLong(payload.length);
    if (isTooDeep(payload)) {
      const message = `The result is nested more than ${resultDepthMax} deep.`;
      return failed({ code: "BAD_RESPONSE", message });
    }
    // Replacing what is not text would make the result up to three times as long.
    if (!isUtf8(payload)) return garbled;
    const json = payload.toString("utf8");
    if (!isJson(json)) return garbled;
    const mended = withoutHalves(json);
    const length = mended === json ? payload.length : Buffer.byteLength(mended);
    return length > resultBytesMax ? tooLong(length) : { kind: "returned", json: mended };
  }
  const text = payload.toString("utf8");
  if (status !== resultStatus.failed || !isJson(text)) return garbled;
  const problem = problemSchema.safeParse(JSON.parse(text));
  return problem.success ? failed(problem.data) : garbled;
}

/** The level of a log line; one that does not exist is taken for `info`. */
export function readLogLevel(index: number): LogLevel {
  return levels[index] ?? "info";
}

/** What a host says of code. Throws when that is not what the protocol has. */
export function diagnosticsOf(payload: Buffer): Diagnostic[] {
  return diagnosticsSchema.parse(JSON.parse(payload.toString("utf8")));
}
