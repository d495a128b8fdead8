export const dayMs = 24 * 60 * 60 * 1000;

/** The start of a day in the reader's zone, or so much later. */
export function startOf(day: string, laterMs = 0): string | undefined {
  const start = Date.parse(`${day}T00:00`);
  return Number.isNaN(start) ? undefined : new Date(start + laterMs).toISOString();
}

/** The day of a moment in the reader's zone, or of the moment so much later. */
export function dayOf(time: string | undefined, laterMs = 0): string {
  if (time === undefined) return "";
  const at = new Date(Date.parse(time) + laterMs);
  if (Number.isNaN(at.getTime())) return "";
  const [month, day] = [at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${at.getFullYear()}-${month}-${day}`;
}
