import { number, say } from "../say.ts";

/** The value below which `share` (0 to 1) of the samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const p50 = (samples: readonly number[]): number => percentile(samples, 0.5);
export const p99 = (samples: readonly number[]): number => percentile(samples, 0.99);

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Milliseconds of each of `count` runs, one after another. */
export async function timedEach(count: number, work: (n: number) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let n = 0; n < count; n++) samples.push(await timed(() => work(n)));
  return samples;
}

type Target = { readonly atMost: number } | { readonly atLeast: number };

/** Prints one figure with its target beside it. Nothing fails: what a machine makes of it is for people to judge. */
export function figure(name: string, measured: number, unit: string, target?: Target): void {
  const bound =
    target === undefined ? "" : "atMost" in target ? `≤ ${number(target.atMost)}` : `≥ ${number(target.atLeast)}`;
  const isMet = target === undefined || ("atMost" in target ? measured <= target.atMost : measured >= target.atLeast);
  const verdict = target === undefined ? "" : isMet ? "met" : "not met";
  say(
    `  ${name.padEnd(58)} ${`${number(measured)} ${unit}`.padStart(14)}  ${(target === undefined ? "" : `${bound} ${unit}`).padStart(14)}  ${verdict}`.trimEnd(),
  );
}
