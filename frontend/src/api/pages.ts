import { infiniteQueryOptions, type QueryKey } from "@tanstack/react-query";

interface ListPage {
  /** What the next page is asked for with; null: there is none. */
  readonly nextCursor: string | null;
}

/** A list that is read page by page. */
export const pagedQuery = <Page extends ListPage>(
  queryKey: QueryKey,
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page>,
) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam ?? undefined, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

/** The most rows that the server gives at once. */
const pageRowsMax = 200;

/** Every row of a list, however many pages that takes. */
export async function readAll<Row>(
  read: (page: { limit: number; cursor: string | undefined }) => Promise<ListPage & { readonly items: Row[] }>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await read({ limit: pageRowsMax, cursor });
    rows.push(...items);
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return rows;
}
