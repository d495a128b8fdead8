import type { Secret } from "@assay/contract";
import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";

/** Everything about secrets: what fills the slots of sources shows in both. */
export const secretsKey = ["secrets"] as const;

/** Every secret, by name; never their values. */
export const secretsQuery = queryOptions({
  queryKey: [...secretsKey, "list"],
  queryFn: async ({ signal }) => {
    const secrets: Secret[] = [];
    let cursor: string | null = null;
    do {
      const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor === null ? {} : { cursor }) };
      const page: { items: Secret[]; nextCursor: string | null } = await client.secrets.list({ query }, signal);
      secrets.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return secrets;
  },
});

/** What is left of the quotas that hold for a source; it changes with every lookup of anybody. */
export const sourceQuotaQuery = (sourceId: string) =>
  queryOptions({
    queryKey: [...secretsKey, "quota-of-source", sourceId],
    queryFn: ({ signal }) => client.sources.quota({ params: { id: sourceId } }, signal),
    refetchInterval: 15_000,
  });

/** A source's secret slots and what fills them. */
export const sourceSecretsQuery = (sourceId: string) =>
  queryOptions({
    queryKey: [...secretsKey, "of-source", sourceId],
    queryFn: ({ signal }) => client.sources.secrets({ params: { id: sourceId } }, signal),
  });
