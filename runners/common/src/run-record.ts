import type { HttpCall, LogLine, Timing } from "@assay/proto";
import type { HttpCallRecord } from "./egress/broker.ts";
import { sandboxLimits, type LogLevel } from "./executor.ts";

const httpCallsMax = 100;

/** What one run of one source leaves behind beside its result: bounded, whatever the sandbox sends. */
export interface RunRecord {
  readonly onLog: (level: LogLevel, text: string) => void;
  readonly onHttpCall: (call: HttpCallRecord) => void;
  readonly logs: readonly LogLine[];
  readonly http: () => HttpCall[];
  /** Milliseconds in which at least one upstream call was under way. */
  readonly upstreamMs: () => number;
}

/** @param startedAt `performance.now()` at the start of the run; times in the record count from it. */
export function openRunRecord(startedAt: number): RunRecord {
  const logs: LogLine[] = [];
  const calls: HttpCallRecord[] = [];
  const { logLinesMax, logLineCharsMax } = sandboxLimits;
  return {
    logs,
    onLog(level, text) {
      // One more than allowed: the line with which a sandbox says that it leaves the rest out.
      if (logs.length > logLinesMax) return;
      logs.push({ atMs: performance.now() - startedAt, level, text: text.slice(0, logLineCharsMax).toWellFormed() });
    },
    onHttpCall(call) {
      if (calls.length < httpCallsMax) calls.push(call);
    },
    http: () =>
      calls.map(({ startedAt: callStartedAt, host, path, error, ...call }) => ({
        ...call,
        atMs: callStartedAt - startedAt,
        host: host.toWellFormed(),
        path: path.toWellFormed(),
        error: error.toWellFormed(),
      })),
    upstreamMs() {
      let totalMs = 0;
      let coveredTo = 0;
      for (const { startedAt: from, durationMs } of calls.toSorted((a, b) => a.startedAt - b.startedAt)) {
        const to = from + durationMs;
        if (to > coveredTo) totalMs += to - Math.max(from, coveredTo);
        coveredTo = Math.max(coveredTo, to);
      }
      return totalMs;
    },
  };
}

export const noTiming: Timing = { queuedMs: 0, sandboxMs: 0, upstreamMs: 0 };
