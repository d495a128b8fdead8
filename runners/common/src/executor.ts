/** The user code of one source, addressed by its hash. */
export interface CodeUnit {
  readonly sourceId: string;
  /** SHA-256 of the code, 64 lower-case hexadecimal digits. */
  readonly codeHash: string;
  readonly code: string;
}

/** What the compiler said, in the author's lines (1-based; 0 where unknown). */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export type LogLevel = "debug" | "info" | "warn" | "error";

/** One run of one source, as an executor sees it. */
export interface SandboxCall {
  readonly unit: CodeUnit;
  /** JSON text: `{ indicator: { data, kind }, config, secrets, deadlineMs }`; of secrets it holds what user code may have. */
  readonly inputJson: string;
  /** Milliseconds from the moment user code gets control until it is killed. */
  readonly timeoutMs: number;
  /** Fires when nobody wants the answer any more; the user code is stopped at once. */
  readonly signal: AbortSignal;
  /** Hands a message of the sandbox (JSON text, hostile) to the egress broker. Never rejects; the reply is JSON text. */
  readonly onEgress: (requestJson: string) => Promise<string>;
  /** One line of print/console/context.log. The receiver bounds count and length. */
  readonly onLog: (level: LogLevel, text: string) => void;
}

/** Why a source has no result. `code` is one of the words of the outcome model. */
export interface SandboxProblem {
  readonly code:
    | "TIMEOUT"
    | "RATE_LIMITED"
    | "UNAUTHORIZED"
    | "FORBIDDEN"
    | "UPSTREAM_ERROR"
    | "BAD_RESPONSE"
    | "EGRESS_DENIED"
    | "SANDBOX_LIMIT"
    | "SOURCE_ERROR"
    | "CANCELLED"
    | "INTERNAL";
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
  readonly host?: string;
  readonly retryAfterMs?: number;
  readonly status?: number;
  readonly limit?: "cpu" | "memory" | "output" | "wall";
}

export type SandboxOutcome =
  | { readonly kind: "returned"; /** Valid JSON text, at most `resultBytesMax` bytes. */ readonly json: string }
  | { readonly kind: "notFound" }
  | { readonly kind: "failed"; readonly problem: SandboxProblem };

/** What a language brings. All else (gRPC, queueing, code store, egress, traces) is shared. */
export interface Executor {
  readonly language: "JAVASCRIPT" | "PYTHON";
  /** Compiles inside the sandbox, never in this process. An empty list, or warnings only: the code can run. */
  prepare(unit: CodeUnit, signal: AbortSignal): Promise<Diagnostic[]>;
  /** Runs the source once. Never rejects: whatever happens is an outcome. */
  run(call: SandboxCall): Promise<SandboxOutcome>;
  /** Whether the calls of a source compute for so long that they run one after another. */
  isAlone(sourceId: string): boolean;
  /** Drops what is warm for a source. */
  forget(sourceId: string): void;
  /** Stops every child; resolves when none is left. */
  close(): Promise<void>;
}

/** Limits that hold for every run in every language. */
export const sandboxLimits = {
  resultBytesMax: 1024 * 1024,
  messageBytesMax: 6 * 1024 * 1024,
  codeBytesMax: 1024 * 1024,
  problemMessageCharsMax: 2000,
  logLinesMax: 200,
  logLineCharsMax: 2000,
} as const;
