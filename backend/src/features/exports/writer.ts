import type { Request, Tlp } from "@assay/contract";

/** What an export is of. */
export interface ExportSubject {
  /** Stable for the same lookup or the same search; what ids of the whole are made from. */
  readonly key: string;
  /** For people. */
  readonly title: string;
  readonly madeAt: Date;
  /** The strictest of all its lookups: what they share, and the whole, is marked with it. */
  readonly tlp: Tlp;
}

/** Writes lookups in one format, piece by piece: head, a piece for each lookup, foot. */
export interface ExportWriter {
  readonly head?: () => string;
  readonly lookup: (request: Request) => string;
  readonly foot?: () => string;
}
