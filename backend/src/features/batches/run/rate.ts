const spanMs = 15_000;
const stepMs = 1000;

/** How many a second there were of late, from how many there have been; null before there is anything to tell it from. */
export function createRate(): (count: number, nowMs: number) => number | null {
  const samples: { readonly count: number; readonly atMs: number }[] = [];
  return (count, nowMs) => {
    const last = samples.at(-1);
    if (last === undefined || nowMs - last.atMs >= stepMs) samples.push({ count, atMs: nowMs });
    while (samples.length > 2 && nowMs - (samples[1]?.atMs ?? nowMs) > spanMs) samples.shift();
    const [first] = samples;
    if (first === undefined || nowMs - first.atMs < stepMs) return null;
    return ((count - first.count) * 1000) / (nowMs - first.atMs);
  };
}
