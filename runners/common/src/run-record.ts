import type { HttpCall, LogLine, Timing } from "@assay/proto";
import type { HttpCallRecord } from "./egress/broker.ts";
import { sandboxLimits, type LogLevel } from "./executor.ts";

const httpCallsMax = 100;
/** As long as a secret can be, so that none is cut in two. */
const hiddenCharsMax = 8192;

/** What one run of one source leaves behind beside its result: bounded, whatever the sandbox sends. */
export interface RunRecord {
  readonly onLog: (level: LogLevel, text: string) => void;
  readonly onHttpCall: (call: HttpCallRecord) => void;
  readonly logs: readonly LogLine[];
  readonly http: () => HttpCall[];
  /** Milliseconds in which at least one upstream call was under way. */
  readonly upstreamMs: () => number;
}

/**
 * @param startedAt `performance.now()` at the start of the run; times in the record count from it
 * @param hide takes secrets out of a line
 */
export function openRunRecord(startedAt: number, hide: (text: string) => string): RunRecord {
  const logs: LogLine[] = [];
  const calls: HttpCallRecord[] = [];
  const { logLinesMax, logLineCharsMax } = sandboxLimits;
  return {
    logs,
    onLog(level, text) {
      // One more than allowed: the line with which a sandbox says that it leaves the rest out.
      if (logs.length > logLinesMax) return;
      // Cut once before as well: looking at a line takes time in proportion to its length.
      const shown = hide(text.slice(0, logLineCharsMax + hiddenCharsMax).toWellFormed()).slice(0, logLineCharsMax);
      logs.push({ atMs: performance.now() - startedAt, level, text: shown.toWellFormed() });
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
