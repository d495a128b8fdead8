import { sandboxLimits, type Diagnostic, type SandboxOutcome, type SandboxProblem } from "@assay/runner-common";
import { constants } from "node:os";
import { z } from "zod";
import type { PythonLimits } from "./python-limits.ts";
import { checkResult } from "./result-json.ts";

/** What the protocol's numbers hold. */
const place = z.int().nonnegative().max(4_294_967_295);
const line = place.optional();
const message = z.string().nullish();
const retryAfterMs = z.number().nonnegative().max(4_294_967_295).nullish();

const StatusSaid = z.object({ what: z.literal("status"), status: z.int().min(100).max(999), retryAfterMs, message });

/** What a child says went wrong. It speaks for its source only: limits and time are not its to tell. */
const ChildProblem = z.discriminatedUnion("what", [
  z.object({ what: z.literal("error"), message: z.string(), line }),
  z.object({ what: z.literal("badResponse"), message: z.string(), line }),
  z.object({ what: z.literal("memory"), line }),
  z.object({ what: z.literal("egress"), requestId: z.int() }),
  StatusSaid,
  z.object({ what: z.literal("rateLimited"), retryAfterMs, message }),
  z.object({ what: z.literal("unauthorized"), message }),
]);

const End = z.object({
  code: z.int(),
  cpuMs: z.number(),
  limit: z.enum(["files", "requests"]).optional(),
  protocol: z.string().optional(),
});

const diagnosticsMax = 100;
const Diagnostics = z.array(
  z.object({
    severity: z.enum(["error", "warning"]),
    message: z.string().transform(cut),
    line: place,
    column: place,
  }),
);

/** What the broker said no to, by the request's number; the sandbox can only name one, not make one up. */
export const EgressFailure = z.object({
  ok: z.literal(false),
  code: z.enum(["EGRESS_DENIED", "TIMEOUT", "UPSTREAM_ERROR", "BAD_RESPONSE"]),
  message: z.string(),
  host: z.string().optional(),
});
export type EgressFailure = z.infer<typeof EgressFailure>;

/** A message as the protocol carries it. */
function cut(message: string): string {
  return message.slice(0, sandboxLimits.problemMessageCharsMax).toWellFormed();
}

/** A failed outcome. The message is cut to what the protocol carries. */
export function failed(problem: SandboxProblem): SandboxOutcome {
  return { kind: "failed", problem: { ...problem, message: cut(problem.message) } };
}

function parse<Value>(schema: z.ZodType<Value>, payload: Buffer): Value | undefined {
  try {
    return schema.safeParse(JSON.parse(payload.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

function at(line: number | undefined): { readonly line?: number } {
  return line === undefined || line === 0 ? {} : { line };
}

function wait(retryAfterMs: number | null | undefined): { readonly retryAfterMs?: number } {
  return typeof retryAfterMs === "number" ? { retryAfterMs: Math.ceil(retryAfterMs) } : {};
}

function statusProblem({ status, message, retryAfterMs }: z.infer<typeof StatusSaid>): SandboxProblem {
  const problem = { message: message ?? `The upstream answered with HTTP status ${status}.`, status };
  if (status === 401) return { code: "UNAUTHORIZED", ...problem };
  if (status === 403) return { code: "FORBIDDEN", ...problem };
  // 509: Bandwidth Limit Exceeded, which some providers say for a limit of calls.
  if (status === 429 || status === 509) return { code: "RATE_LIMITED", ...problem, ...wait(retryAfterMs) };
  return { code: "UPSTREAM_ERROR", ...problem };
}

const brokenAnswer: SandboxProblem = {
  code: "SOURCE_ERROR",
  message: "The source wrote to the runner's channel itself; return a value from fetch_data instead.",
};

function childProblem(payload: Buffer, failures: ReadonlyMap<number, EgressFailure>): SandboxProblem {
  const said = parse(ChildProblem, payload);
  switch (said?.what) {
    case "error":
      return { code: "SOURCE_ERROR", message: said.message, ...at(said.line) };
    case "badResponse":
      return { code: "BAD_RESPONSE", message: said.message, ...at(said.line) };
    case "memory":
      return {
        code: "SANDBOX_LIMIT",
        limit: "memory",
        message: "The source needs more memory than it may use.",
        ...at(said.line),
      };
    case "egress": {
      const failure = failures.get(said.requestId);
      if (failure === undefined) return brokenAnswer;
      const { code, message, host } = failure;
      return { code, message, ...(host === undefined ? {} : { host }) };
    }
    case "status":
      return statusProblem(said);
    case "rateLimited":
      return {
        code: "RATE_LIMITED",
        message: said.message ?? "The upstream wants fewer calls.",
        ...wait(said.retryAfterMs),
      };
    case "unauthorized":
      return { code: "UNAUTHORIZED", message: said.message ?? "The upstream does not accept the credentials." };
    case undefined:
      return brokenAnswer;
  }
}

/** The outcome that an answer frame of a child stands for. The frame is hostile. */
export function answerOutcome(payload: Buffer, failures: ReadonlyMap<number, EgressFailure>): SandboxOutcome {
  const kind = payload.toString("latin1", 0, 1);
  const rest = payload.subarray(1);
  if (kind === "n" && rest.length === 0) return { kind: "notFound" };
  if (kind === "p") return failed(childProblem(rest, failures));
  if (kind !== "r") return failed(brokenAnswer);
  const result = checkResult(rest, sandboxLimits.resultBytesMax);
  if ("json" in result) return { kind: "returned", json: result.json };
  return failed({ code: "BAD_RESPONSE", message: result.problem });
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found?.[0] ?? `signal ${number}`;
}

/** The outcome of a child that ended without an answer, by what the zygote saw. */
export function endOutcome(payload: Buffer, limits: PythonLimits): SandboxOutcome {
  return failed(endProblem(payload, limits));
}

/** The same for a child that ended while it loaded the source, as diagnostics. */
export function endDiagnostics(payload: Buffer, limits: PythonLimits): Diagnostic[] {
  const { message } = endProblem(payload, limits);
  return [{ severity: "error", message: `While the source was loaded: ${message}`, line: 0, column: 0 }];
}

function endProblem(payload: Buffer, { cpuSecondsMax }: PythonLimits): SandboxProblem {
  const end = parse(End, payload);
  if (end === undefined || end.protocol !== undefined) return brokenAnswer;
  if (end.limit === "files") {
    return { code: "SANDBOX_LIMIT", limit: "memory", message: "The source made too many temporary files." };
  }
  if (end.limit === "requests") {
    return { code: "SOURCE_ERROR", message: "The source made far more requests than one call may." };
  }
  const { SIGKILL, SIGXCPU } = constants.signals;
  // The kernel counts ticks for the limit and time for the usage; on a busy machine they differ.
  const isCpu = (end.code === -SIGKILL || end.code === -SIGXCPU) && end.cpuMs >= cpuSecondsMax * 500;
  if (isCpu) {
    const message = `The source used more than ${cpuSecondsMax} s of processor time.`;
    return { code: "SANDBOX_LIMIT", limit: "cpu", message };
  }
  const how = end.code < 0 ? `killed by ${signalName(-end.code)}` : `with exit code ${end.code}`;
  return { code: "SOURCE_ERROR", message: `The source's process ended without an answer (${how}).` };
}

/** What is said about the source's code, by the zygote or a child of it: hostile. Nothing readable counts as an error. */
export function readDiagnostics(payload: Buffer): Diagnostic[] {
  const message = "The sandbox gave no readable diagnostics.";
  return parse(Diagnostics, payload)?.slice(0, diagnosticsMax) ?? [{ severity: "error", message, line: 0, column: 0 }];
}

/** The outcome of a call whose source could not be loaded. */
export function loadOutcome(diagnostics: readonly Diagnostic[]): SandboxOutcome {
  const first = diagnostics.find(({ severity }) => severity === "error");
  const { message, line, column } = first ?? { message: "The source could not be loaded.", line: 0, column: 0 };
  return failed({ code: "SOURCE_ERROR", message, ...at(line), ...(column === 0 ? {} : { column }) });
}
