const half = 6;
const span = 36 ** half;
/** Odd and not divisible by 3, so that no two places of a lookup fall together. */
const step = 1_327_217_885;

/** The id of a lookup's answer at a place of the order of arrival: always the same, and as seldom that of another as two random ids are. */
export function answerIdOf(lookupId: string, place: number): string {
  const end = Number.parseInt(lookupId.slice(half), 36);
  const moved = (end + (place + 1) * step) % span;
  return lookupId.slice(0, half) + moved.toString(36).padStart(half, "0");
}
