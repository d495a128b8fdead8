// What one call, one isolate and one host may use. The host holds them; the boot scripts hold theirs earlier and say why.

export const isolateMemoryMb = 64;
/** Then its source gets a new isolate: cheaper than collecting 250 kB of garbage per context, and it bounds what a source holds. */
export const callsPerIsolateMax = 32;
/** Without a call, an isolate is given up. */
export const isolateIdleMs = 30_000;
/** After the deadline, before the isolate is disposed of. */
export const disposeAfterMs = 50;
/** Messages from one call to the host, and their characters; far above what the boot scripts let through. */
export const postsMax = 50_000;
export const postedCharsMax = 64 * 1024 * 1024;
/** Of one answer to a synchronous question of the isolate (URL, digest). */
export const syncCharsMax = 8 * 1024 * 1024;
/** A host that has answered this many calls is replaced. */
export const callsPerHostMax = 50_000;
/** A call that has used so much of the processor is told of so often. */
export const tellSpentMs = 20;
export const tellEveryMs = 25;
/** Peak resident memory at which a host is replaced. */
export const hostPeakMb = 1024;

/** Limits that the boot scripts hold; the first five are the runner's (`sandboxLimits`). */
export const bootLimits = {
  resultBytesMax: 1024 * 1024,
  messageBytesMax: 6 * 1024 * 1024,
  problemMessageCharsMax: 2000,
  logLinesMax: 200,
  logLineCharsMax: 2000,
  requestsMax: 100,
  requestCharsMax: 16 * 1024 * 1024,
  timersMax: 1000,
  timersStartedMax: 20_000,
  questionsMax: 20_000,
  questionCharsMax: 16 * 1024 * 1024,
  timeoutMsMax: 3_600_000,
};
