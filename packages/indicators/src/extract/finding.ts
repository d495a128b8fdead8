import type { IndicatorKind } from "../indicator-kind.ts";
import type { NormalText } from "./normalise.ts";

/** How sure it is that somebody who reads the text would call this an indicator. */
export type Confidence = "high" | "medium" | "low";

/** What a scanner found, in places of the normal text. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  readonly kind: IndicatorKind;
  /** The canonical form. */
  readonly data: string;
  readonly confidence: Confidence;
  readonly note?: string;
}

/** What looked like an indicator and is none, in places of the normal text. */
export interface Rejection {
  readonly start: number;
  readonly end: number;
  readonly reason: string;
}

/** What the scanners share while they read one text. */
export interface Scan {
  readonly normal: NormalText;
  readonly found: Finding[];
  readonly rejected: Rejection[];
  /** Up to where names have been read: what followed one, such as the path of a URL, was read with it. */
  readTo: number;
  /** Characters looked at, so that tests can prove that the work grows no faster than the text. */
  work: number;
}

/** True where people wrote the stretch so that nobody clicks it: then it was meant as an indicator. Words with " dot " between may be prose. */
export function isDefanged({ normal }: Scan, start: number, end: number): boolean {
  const raw = normal.rawRange(start, end);
  return raw.end - raw.start !== end - start && !normal.original.slice(raw.start, raw.end).includes(" ");
}
