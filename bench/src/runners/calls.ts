import { cpus } from "node:os";
import type { CodeUnit, Executor, Fence } from "@assay/runner-common";
import { repeat } from "../floors/grpc-stream.ts";
import { figure, p50, p99, timed, timedEach } from "./figures.ts";
import { answered, openExecutor, runOnce } from "./open-executor.ts";
import { quickSource, spinning, type Language } from "./sources.ts";

const sourcesAtOnce = 8;
const callsAtOnce = 16;
const killTimeoutMs = 300;

const targets = {
  JAVASCRIPT: { cold: undefined, warm: { p50: 1 }, perSecond: 5000 },
  PYTHON: { cold: 150, warm: { p50: 2, p99: 15 }, perSecondAndCore: 100 },
} as const;

/** Milliseconds of the first call on a host that has none of the source: the host that compiled it is given a call at the same time. */
async function onOtherHost(executor: Executor, unit: CodeUnit): Promise<number> {
  await executor.prepare(unit, new AbortController().signal);
  const [, durationMs] = await Promise.all([answered(executor, unit), timed(() => answered(executor, unit))]);
  return durationMs;
}

/** Calls inside the runner: of sources never seen, of warm ones, and of one that has to be killed. */
export async function benchCalls(language: Language, fence: Fence, seconds: number, samples: number): Promise<void> {
  const executor = await openExecutor(language, fence);
  const { cold, warm } = targets[language];
  const atMost = (value: number | undefined) => (value === undefined ? undefined : { atMost: value });
  try {
    // As many as stay warm, so that nothing is evicted meanwhile.
    const first = await timedEach(Math.min(samples, 60), (n) => answered(executor, quickSource(language, n)));
    figure("source never seen, compiled and run, p50", p50(first), "ms", atMost(cold));
    figure("source never seen, compiled and run, p99", p99(first), "ms");

    if (language === "JAVASCRIPT") {
      const isolates: number[] = [];
      for (let n = 0; n < Math.min(samples, 60); n++)
        isolates.push(await onOtherHost(executor, quickSource(language, 1000 + n)));
      figure("isolate, context and start-up, compiled before, p50", p50(isolates), "ms", { atMost: 5 });
      figure("isolate, context and start-up, compiled before, p99", p99(isolates), "ms", { atMost: 20 });
    }

    const one = quickSource(language, 0);
    for (let n = 0; n < 20; n++) await answered(executor, one);
    const calls = await timedEach(samples * 5, () => answered(executor, one));
    figure("warm call, one after another, p50", p50(calls), "ms", atMost(warm.p50));
    figure("warm call, one after another, p99", p99(calls), "ms", "p99" in warm ? atMost(warm.p99) : undefined);

    let next = 0;
    const perSecond = await repeat(
      () => answered(executor, quickSource(language, next++ % sourcesAtOnce)),
      seconds,
      callsAtOnce,
    );
    if (language === "JAVASCRIPT") figure("warm calls", perSecond, "/s", { atLeast: targets.JAVASCRIPT.perSecond });
    else figure("warm calls, per core", perSecond / cpus().length, "/s", { atLeast: targets.PYTHON.perSecondAndCore });

    const late: number[] = [];
    const back: number[] = [];
    for (let n = 0; n < Math.max(1, Math.min(5, samples)); n++) {
      // One source is not killed too often: it would be made to rest.
      const unit = { ...spinning[language], sourceId: `spinning ${n}` };
      await executor.prepare(unit, new AbortController().signal);
      late.push((await timed(() => runOnce(executor, unit, killTimeoutMs))) - killTimeoutMs);
      back.push(await timed(() => answered(executor, one)));
    }
    figure("killed after its deadline, at the most", Math.max(...late), "ms", { atMost: 300 });
    figure("next answer after the kill, at the most", Math.max(...back), "ms", { atMost: 250 });
  } finally {
    await executor.close();
  }
}
