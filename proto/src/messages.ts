/** The messages of runner.proto as they arrive: every field is there, numbers are numbers, an absent message is null. */

export interface DownloadRequest {
  readonly url: string;
  readonly etag: string;
  readonly lastModified: string;
  readonly bytesMax: number;
  readonly timeoutMs: number;
}

export interface DownloadReply {
  readonly status: number;
  readonly etag: string;
  readonly lastModified: string;
  readonly text: string;
  readonly problem: Problem | null;
}

export interface SourceCode {
  readonly sourceId: string;
  readonly codeHash: string;
}

export interface InitRequest {
  readonly sources: readonly SourceCode[];
}

export interface InitReply {
  readonly missingCodeHashes: readonly string[];
  readonly language: string;
  readonly sandbox: string;
}

export interface UpdateRequest {
  readonly sourceId: string;
  readonly codeHash: string;
  readonly code: string;
}

export interface Diagnostic {
  readonly severity: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export interface UpdateReply {
  readonly diagnostics: readonly Diagnostic[];
}

export interface DeleteRequest {
  readonly sourceId: string;
}

export type DeleteReply = Record<string, never>;

export interface Indicator {
  readonly data: string;
  readonly kind: string;
}

export interface SourceCall {
  readonly sourceId: string;
  readonly codeHash: string;
  readonly timeoutMs: number;
  readonly configJson: string;
  readonly hosts: readonly string[];
  readonly secrets: readonly SecretValue[];
}

export interface SecretValue {
  readonly name: string;
  readonly value: string;
  readonly hosts: readonly string[];
  readonly exposed: boolean;
}

export interface FetchDataRequest {
  readonly lookupId: string;
  readonly indicator: Indicator | null;
  readonly sources: readonly SourceCall[];
  /** Nobody waits for it: what people wait for goes first. */
  readonly background?: boolean;
}

export type FetchDataEvent =
  | { readonly sourceId: string; readonly event: "missingCodeHash"; readonly missingCodeHash: string }
  | { readonly sourceId: string; readonly event: "answer"; readonly answer: Answer };

export interface Answer {
  /** `ok`, `not_found` or `failed`. */
  readonly outcome: string;
  readonly resultJson: string;
  readonly problem: Problem | null;
  readonly timing: Timing | null;
  readonly logs: readonly LogLine[];
  readonly http: readonly HttpCall[];
}

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly host: string;
  readonly retryAfterMs: number;
  readonly status: number;
  readonly limit: string;
}

export interface Timing {
  readonly queuedMs: number;
  readonly sandboxMs: number;
  readonly upstreamMs: number;
}

export interface LogLine {
  readonly atMs: number;
  readonly level: string;
  readonly text: string;
}

export interface HttpCall {
  readonly atMs: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly status: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly durationMs: number;
  readonly error: string;
  readonly rateLimit: RateLimit | null;
}

export interface RateLimit {
  readonly stop: boolean;
  /** 0: unknown. */
  readonly limit: number;
  /** -1: unknown. */
  readonly left: number;
  /** 0: unknown. */
  readonly resetMs: number;
  /** 0: unknown. */
  readonly windowMs: number;
}

export type ServingStatus = "UNKNOWN" | "SERVING" | "NOT_SERVING" | "SERVICE_UNKNOWN";

export interface HealthCheckRequest {
  /** Name of a service; empty: the whole server. */
  readonly service: string;
}

export interface HealthCheckResponse {
  readonly status: ServingStatus;
}
