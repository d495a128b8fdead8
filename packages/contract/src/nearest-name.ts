/** How many letters have to be put in, left out or replaced to come from one word to the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
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
