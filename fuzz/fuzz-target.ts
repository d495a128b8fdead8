import type { IAsyncProperty } from "fast-check";

/** One boundary that hostile input crosses. */
export interface FuzzTarget {
  readonly name: string;
  /** What one case is, for the report. */
  readonly about: string;
  /** Of a hundred thousand cases. */
  readonly share: number;
  readonly open: () => Promise<OpenTarget>;
}

export interface OpenTarget {
  /** Throws when a case shows what must not be. */
  readonly property: IAsyncProperty<unknown>;
  /** What is only seen over all cases; throws like a case. */
  readonly examine?: () => Promise<void>;
  /** How many cases went which way, so that a run that tries nothing is seen. */
  readonly counts: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
}

/** Counts by name. */
export function createCounts(): Map<string, number> & { add: (name: string) => void } {
  const counts = new Map<string, number>();
  return Object.assign(counts, { add: (name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1) });
}

/** Fails the case at hand. */
export function fault(message: string): never {
  throw new Error(message);
}
