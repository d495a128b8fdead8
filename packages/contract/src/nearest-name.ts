/** How many letters have to be put in, left out, replaced, or swapped with their neighbour, to come from one word to the other. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 0; i < from.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j += 1) {
      const replaced = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
      const isSwap = i > 0 && j > 0 && from[i] === to[j - 1] && from[i - 1] === to[j];
      const swapped = isSwap ? (before[j - 1] ?? 0) + 1 : Infinity;
      next.push(Math.min(replaced, swapped, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
}

/** The known name that an unknown one was most likely meant to be; undefined where none comes near. */
export function nearestName(unknown: string, known: readonly string[]): string | undefined {
  const asked = unknown.slice(0, 60).toLowerCase();
  const [nearest] = known
    .map((name) => ({ name, distance: distanceOf(asked, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(asked.length / 3)))
    .toSorted((a, b) => a.distance - b.distance);
  return nearest?.name;
}

/** A word that begins like the other, "host" for "hosts" or "lang" for "language", is near it. */
function distanceOf(asked: string, name: string): number {
  const begins = asked.length >= 3 && (name.startsWith(asked) || asked.startsWith(name));
  return begins ? 1 : editDistance(asked, name);
}
