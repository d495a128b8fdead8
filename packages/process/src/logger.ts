import { trace } from "@opentelemetry/api";
import pino from "pino";
import { prettyLine } from "./logger-pretty.ts";
import { redact } from "./logger-redact.ts";

export type Logger = pino.Logger;

export interface LoggerOptions {
  /** Which process speaks, such as `api`; on every line. */
  readonly name: string;
  readonly level: "debug" | "info" | "warn" | "error";
  /** `pretty`: one short line per entry, for people. `json`: one object per line, for machines. */
  readonly format: "pretty" | "json";
}

/** An error's own words. Other enumerable fields stay out: HTTP clients keep headers and bodies there. */
function errorFields(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === "object" ? redact(error) : String(error);
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...("code" in error && { code: String(error.code) }),
    ...(error.cause !== undefined && depth < 4 && { cause: errorFields(error.cause, depth + 1) }),
  };
}

/**
 * A logger on standard output. Errors go in the field `err`. Fields named like credentials are censored at any depth;
 * inside a span, lines carry its `traceId`.
 */
export function createLogger({ name, level, format }: LoggerOptions): Logger {
  const options: pino.LoggerOptions = {
    name,
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (error: unknown) => errorFields(error) },
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => redact(fields),
    },
    mixin: () => {
      const traceId = trace.getActiveSpan()?.spanContext().traceId;
      return traceId === undefined ? {} : { traceId };
    },
  };
  if (format === "json") return pino(options);
  return pino(options, { write: (line: string) => process.stdout.write(prettyLine(line)) });
}
