// One call of one source.
//
//   waiting ──▶ entered ⇄ idle (awaits broker or timer) ──▶ ended
//                  │  t: isolated-vm ends the entry     │ t: ended as TIMEOUT
//                  └─ t + 50 ms: the isolate is disposed; t + 280 ms: the runner kills this process
//
// Other calls in an isolate that was disposed of are lost; the runner runs them again.
// A call ends when its result is there and nothing of it runs any more, so that nobody spins on after an answer.
import { resultStatus } from "./frames.js";
import { CompileProblem } from "./source-isolate.js";
import { disposeAfterMs, isolateMemoryMb } from "./limits.js";

const cancelled = [resultStatus.failed, '{"code":"CANCELLED","message":"The lookup was cancelled."}'];
const problem = (code, message, more = {}) => JSON.stringify({ code, message, ...more });

/**
 * @param {object} options
 * @param {ReturnType<import("./source-isolate.js").createSourceIsolate>} options.isolate
 * @param {string} options.input
 * @param {number} options.timeoutMs
 * @param {(requestId: number, json: string) => void} options.onEgress
 * @param {(level: number, text: string) => void} options.onLog
 * @param {(status: number, json: string, cpuMs: number) => void} options.onEnd
 */
export function startSourceCall({ isolate, input, timeoutMs, onEgress, onLog, onEnd }) {
  const deadlineAt = performance.now() + timeoutMs;
  let prepared;
  let result;
  let isEntered = false;
  let isEnded = false;
  let clock;
  let timer;
  const account = { cpuMs: 0 };
  isolate.enterUse();

  const leftMs = () => deadlineAt - performance.now();

  function end(status, json) {
    if (isEnded) return;
    isEnded = true;
    clearTimeout(clock);
    clearTimeout(timer);
    if (prepared !== undefined) {
      prepared.receive = undefined;
      if (!isolate.isDisposed) isolate.release(prepared);
    }
    isolate.leaveUse();
    onEnd(status, json, account.cpuMs);
  }

  const timedOut = () =>
    end(resultStatus.failed, problem("TIMEOUT", `The source took longer than ${timeoutMs} ms.`, { limit: "wall" }));

  function setOut() {
    isEntered = true;
    isolate.charge(account);
  }

  /** After an entry, says how the call stands. Never from a text: code of the source could have made it. */
  function judge() {
    if (isEntered) isolate.discharge();
    isEntered = false;
    if (isEnded) return;
    const isLate = leftMs() <= 0;
    // Ended by force: whatever state that left behind is not used again.
    if (isLate) isolate.retire();
    if (result !== undefined) return end(...result);
    if (isLate) return timedOut();
    if (!isolate.isDisposed) return;
    if (isolate.wasStopped) return end(resultStatus.lost, "");
    const message = `The source used more than ${isolateMemoryMb} MiB of memory.`;
    end(resultStatus.failed, problem("SANDBOX_LIMIT", message, { limit: "memory" }));
  }

  function enter(operation, id, text) {
    isolate.exclusive(async () => {
      if (isEnded) return;
      if (leftMs() <= 0 || isolate.isDisposed) return judge();
      setOut();
      // It always rejects, with a number: see boot/context.js.
      await prepared.enter.apply(undefined, [operation, id, text], { timeout: Math.ceil(leftMs()) }).catch(() => {});
      judge();
    });
  }

  const receivers = {
    __proto__: null,
    result(status, json) {
      result ??= [status, json];
    },
    egress: (id, json) => onEgress(id, json),
    log: (level, text) => onLog(level, text),
    timer(_id, delayMs) {
      clearTimeout(timer);
      if (!isEnded) timer = setTimeout(() => enter("tick", 0, ""), Math.max(0, Number(delayMs)));
    },
  };

  async function begin() {
    if (isEnded) return;
    if (leftMs() <= 0 || isolate.isDisposed) return judge();
    try {
      prepared = isolate.take();
    } catch (error) {
      isolate.retire();
      // An isolate in which another call was just ended by force may fail at anything; the runner runs this one again.
      if (!(error instanceof CompileProblem)) return end(resultStatus.lost, "");
      const { message, line, column } = error;
      return end(resultStatus.failed, problem("SOURCE_ERROR", message, { line, column }));
    }
    prepared.receive = (kind, id, text) => receivers[kind]?.(id, text);
    setOut();
    const timeout = Math.ceil(leftMs());
    const [topLevel] = await Promise.allSettled([
      prepared.entry.evaluate({ timeout }),
      prepared.enter.apply(undefined, ["begin", 0, input], { timeout }),
    ]);
    judge();
    if (isEnded || topLevel.status === "fulfilled") return;
    const { reason } = topLevel;
    const text = reason instanceof Error ? `${reason.name}: ${reason.message}\n${reason.stack}` : String(reason);
    enter("topLevelFailed", 0, text.slice(0, 20_000));
  }

  /** Has the isolate disposed of if the call is still running then. */
  function stopLater() {
    clearTimeout(clock);
    clock = setTimeout(() => {
      if (isEntered) isolate.stop();
    }, disposeAfterMs);
  }

  clock = setTimeout(() => (isEntered ? stopLater() : timedOut()), timeoutMs + 1);
  isolate.exclusive(begin);
  return {
    /** Milliseconds of processor time so far. */
    cpuMs: () => account.cpuMs,
    reply: (id, json) => enter("reply", id, json),
    /** Nobody wants the answer any more. The call ends when nothing of it runs. */
    cancel() {
      result ??= cancelled;
      if (isEntered) stopLater();
      else end(...result);
    },
  };
}
