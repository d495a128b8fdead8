/** A unit, its size, and from which age on it is used, in milliseconds: a hundred days say more than three months. */
const units: readonly (readonly [string, number, number])[] = [
  ["y", 31_557_600_000, 2 * 31_557_600_000],
  ["mo", 2_629_800_000, 100 * 86_400_000],
  ["d", 86_400_000, 86_400_000],
  ["h", 3_600_000, 3_600_000],
  ["min", 60_000, 60_000],
];

/** "2 d ago", "in 3 h", "just now"; `short` leaves out "ago". Times in milliseconds since 1970. */
export function ageWords(timeMs: number, nowMs: number, short = false): string {
  const agoMs = nowMs - timeMs;
  const unit = units.find(([, , fromMs]) => Math.abs(agoMs) >= fromMs);
  if (unit === undefined) return short ? "now" : "just now";
  const amount = `${Math.floor(Math.abs(agoMs) / unit[1])} ${unit[0]}`;
  if (agoMs < 0) return `in ${amount}`;
  return short ? amount : `${amount} ago`;
}

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

/** The time in full, in the reader's zone. */
export function exactTime(time: string): string {
  return exact.format(new Date(time));
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

/** The date alone, UTC: providers state dates, not moments. */
export function dateOnly(time: string): string {
  return day.format(new Date(time));
}

/** "12 ms", "1.24 s", "2 min 5 s". */
export function durationWords(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${(durationMs / 1000).toFixed(durationMs < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(durationMs / 1000);
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
