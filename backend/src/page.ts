import { GivenTime, Id } from "@assay/contract";
import { z } from "zod";
import { failValidation } from "./problem-error.ts";

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

const storable = z.string().refine((text) => text.isWellFormed() && !text.includes("\0"));

/** The position of lists that go by name. */
export const positionByName = z.tuple([storable, Id]).transform(([name, id]) => ({ name, id }));

/** The position of lists that go by time. */
export const positionInTime = z
  .tuple([GivenTime, Id])
  .transform(([createdAt, id]) => ({ createdAt: new Date(createdAt), id }));

/** What a cursor holds: the sort key of the last row of the page before. @throws ProblemError VALIDATION_FAILED */
export function decodeCursor<T>(cursor: string | undefined, position: z.ZodType<T>): T | null {
  if (cursor === undefined) return null;
  try {
    return position.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch {
    failValidation([{ field: "query.cursor", message: "is not the nextCursor of a page of this list" }]);
  }
}

/** A page out of up to `limit + 1` rows; the one too many tells that there is a next page. */
export function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  sortKey: (row: Row) => readonly string[],
  item: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const nextCursor = last === undefined ? null : Buffer.from(JSON.stringify(sortKey(last))).toString("base64url");
  return { items: shown.map(item), nextCursor };
}
