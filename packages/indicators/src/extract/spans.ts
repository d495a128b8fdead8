/** A stretch of the text, end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Says, for places asked in rising order, which of the sorted spans reaches beyond them, if one has begun by then or lies ahead. */
export function spanCursor(spans: readonly Span[]): (place: number) => Span | null {
  let at = 0;
  return (place) => {
    while (at < spans.length && spans[at]!.end <= place) at++;
    return spans[at] ?? null;
  };
}
