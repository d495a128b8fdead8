export interface DiffLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Lines that stay the same and are left out. */
export interface DiffGap {
  readonly kind: "gap";
  readonly lines: number;
}

/** Above so many pairs of lines the changed middle is shown as taken out and put in, whole. */
const pairsMax = 4_000_000;

/** The fewest lines taken out of `before` and put in to have `after`. */
export function diffLines(before: string, after: string): DiffLine[] {
  const old = before.split("\n");
  const now = after.split("\n");
  let head = 0;
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  return [
    ...lines("same", old.slice(0, head)),
    ...diffMiddle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...lines("same", old.slice(old.length - tail)),
  ];
}

/** The changed lines with so many lines around them; longer stretches of the same become gaps. */
export function foldSame(diff: readonly DiffLine[], around: number): (DiffLine | DiffGap)[] {
  const near = diff.map(() => false);
  for (const [index, line] of diff.entries()) {
    if (line.kind !== "same") near.fill(true, Math.max(0, index - around), index + around + 1);
  }
  const folded: (DiffLine | DiffGap)[] = [];
  for (const [index, line] of diff.entries()) {
    const last = folded.at(-1);
    if (near[index]) folded.push(line);
    else if (last?.kind === "gap") folded[folded.length - 1] = { kind: "gap", lines: last.lines + 1 };
    else folded.push({ kind: "gap", lines: 1 });
  }
  return folded;
}

function diffMiddle(old: readonly string[], now: readonly string[]): DiffLine[] {
  if (old.length * now.length > pairsMax) return [...lines("removed", old), ...lines("added", now)];
  // common[i][j], in one array: the most lines that old from i on and now from j on have in common.
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--)
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const diff: DiffLine[] = [];
  for (let i = 0, j = 0; i < old.length || j < now.length;) {
    const [was, is] = [old[i], now[j]];
    if (was !== undefined && was === is) {
      diff.push({ kind: "same", text: was });
      i++;
      j++;
    } else if (was !== undefined && (is === undefined || at(i + 1, j) >= at(i, j + 1))) {
      diff.push({ kind: "removed", text: was });
      i++;
    } else {
      diff.push({ kind: "added", text: is ?? "" });
      j++;
    }
  }
  return diff;
}

function lines(kind: DiffLine["kind"], texts: readonly string[]): DiffLine[] {
  return texts.map((text) => ({ kind, text }));
}
