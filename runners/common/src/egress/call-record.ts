import type { RateLimit } from "@assay/proto";

/** One upstream call as it is shown beside the answer. A redirect hop is a call of its own, and so is a refused attempt. */
export interface HttpCallRecord {
  /** `performance.now()` of this process. */
  readonly startedAt: number;
  /** GET, POST, …; DNS for a lookup. */
  readonly method: string;
  /** With the port where the URL has one. */
  readonly host: string;
  /** Path and query, cut at 2 KiB. The record type for DNS. */
  readonly path: string;
  /** HTTP status or DNS response code; 0 when there was no answer. */
  readonly status: number;
  /** Bodies only, as they went over the wire. */
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly durationMs: number;
  /** Why the call failed; empty when it did not. */
  readonly error: string;
  /** What the answer's head said about the provider's limits; null: nothing. */
  readonly rateLimit: RateLimit | null;
}

export interface OpenRecord {
  setHead(status: number, rateLimit: RateLimit | null): void;
  addResponseBytes(bytes: number): void;
  /** Hands the record over, once; later calls do nothing. */
  close(error: string): void;
}

const pathCharsMax = 2048;

/** Begins a record. An aborted signal closes it at once, so that a run that was stopped still shows what it was waiting for. */
export function openRecord(
  call: { readonly method: string; readonly host: string; readonly path: string; readonly requestBytes: number },
  signal: AbortSignal,
  onCall: (record: HttpCallRecord) => void,
): OpenRecord {
  const startedAt = performance.now();
  let status = 0;
  let rateLimit: RateLimit | null = null;
  let responseBytes = 0;
  let isOpen = true;
  const onAbort = () => close(signal.reason instanceof Error ? signal.reason.message : "the run has ended");

  function close(error: string): void {
    if (!isOpen) return;
    isOpen = false;
    signal.removeEventListener("abort", onAbort);
    const path = call.path.slice(0, pathCharsMax);
    const durationMs = performance.now() - startedAt;
    onCall({ ...call, path, startedAt, status, responseBytes, durationMs, error, rateLimit });
  }

  signal.addEventListener("abort", onAbort, { once: true });
  return {
    setHead(value, said) {
      status = value;
      rateLimit = said;
    },
    addResponseBytes(bytes) {
      responseBytes += bytes;
    },
    close,
  };
}
