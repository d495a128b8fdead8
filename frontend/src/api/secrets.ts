import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";
import { readAll } from "./pages.ts";

/** Everything about secrets: what fills the slots of sources shows in both. */
export const secretsKey = ["secrets"] as const;

/** Every secret, by name; never their values. */
export const secretsQuery = queryOptions({
  queryKey: [...secretsKey, "list"],
  queryFn: ({ signal }) => readAll((page) => client.secrets.list({ query: page }, signal)),
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
