import { RunnerService } from "@assay/proto";
import { sandboxLimits, type Diagnostic, type SandboxOutcome } from "@assay/runner-common";
import { answerOf } from "../runners/common/src/answer.ts";
import { fault } from "./fuzz-target.ts";

const codes =
  `TIMEOUT RATE_LIMITED UNAUTHORIZED FORBIDDEN UPSTREAM_ERROR BAD_RESPONSE EGRESS_DENIED SANDBOX_LIMIT SOURCE_ERROR CANCELLED
  INTERNAL`.split(/\s+/);
const limits = ["cpu", "memory", "output", "wall"];
const circumstances = { timing: { queuedMs: 0, sandboxMs: 0, upstreamMs: 0 }, logs: [], http: [] };
const isUint32 = (value: unknown): boolean =>
  value === undefined || (Number.isInteger(value) && (value as number) >>> 0 === value);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Fails the case unless the outcome is one of the protocol's and reaches a caller over the wire as it is. */
export function checkOutcome(outcome: SandboxOutcome, resultBytesMax: number = sandboxLimits.resultBytesMax): void {
  if (outcome.kind === "returned") {
    if (!isJson(outcome.json)) fault(`returned what is not JSON: ${outcome.json.slice(0, 200)}`);
    if (Buffer.byteLength(outcome.json) > resultBytesMax) fault(`returned ${Buffer.byteLength(outcome.json)} bytes`);
  } else if (outcome.kind === "failed") {
    const { code, message, line, column, host, retryAfterMs, status, limit } = outcome.problem;
    if (!codes.includes(code)) fault(`failed as ${code}`);
    if (typeof message !== "string" || message.length > sandboxLimits.problemMessageCharsMax)
      fault("a message without bounds");
    if (![line, column, retryAfterMs, status].every(isUint32))
      fault(`a number out of range: ${JSON.stringify(outcome.problem)}`);
    if (host !== undefined && (typeof host !== "string" || host.length > 1000)) fault("a host without bounds");
    if (limit !== undefined && !limits.includes(limit)) fault(`a limit ${String(limit)}`);
  } else if (outcome.kind !== "notFound") fault(`an outcome that does not exist: ${JSON.stringify(outcome)}`);
  const event = { sourceId: "s", event: "answer", answer: answerOf(outcome, circumstances) } as const;
  const { responseSerialize, responseDeserialize } = RunnerService.FetchData;
  const sent = JSON.stringify(event.answer);
  const { event: kind, ...arrived } = responseDeserialize(responseSerialize(event));
  if (
    kind !== "answer" ||
    !("answer" in arrived) ||
    JSON.stringify(sortedKeys(arrived.answer)) !== JSON.stringify(sortedKeys(JSON.parse(sent)))
  )
    fault(`arrives otherwise than it was sent: ${sent.slice(0, 300)}`);
}

function sortedKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sortedKeys(one)]),
  );
}

/** Fails the case unless diagnostics are of the protocol's form and bounded. */
export function checkDiagnostics(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 100) fault(`${diagnostics.length} diagnostics`);
  for (const { severity, message, line, column } of diagnostics) {
    if (severity !== "error" && severity !== "warning") fault(`a severity ${String(severity)}`);
    if (typeof message !== "string" || message.length > sandboxLimits.problemMessageCharsMax)
      fault("a diagnostic without bounds");
    if (line === undefined || column === undefined || !isUint32(line) || !isUint32(column))
      fault(`a place ${line}:${column}`);
  }
}

/** Fails the case when a result has halves of characters, which no database takes and JSON can write with escapes. */
export function checkWellFormed(outcome: SandboxOutcome): void {
  if (outcome.kind === "returned" && hasHalves(JSON.parse(outcome.json))) fault(`returned halves: ${outcome.json}`);
}

function hasHalves(value: unknown): boolean {
  if (typeof value === "string") return !value.isWellFormed();
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, one]) => !key.isWellFormed() || hasHalves(one));
}
