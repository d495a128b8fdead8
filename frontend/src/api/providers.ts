import type { Provider } from "@assay/contract";
import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";

/** Every provider, by name. */
export const providersQuery = queryOptions({
  queryKey: ["providers", "list"],
  queryFn: async ({ signal }) => {
    const providers: Provider[] = [];
    let cursor: string | null = null;
    do {
      const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor === null ? {} : { cursor }) };
      const page: { items: Provider[]; nextCursor: string | null } = await client.providers.list({ query }, signal);
      providers.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return providers;
  },
});
