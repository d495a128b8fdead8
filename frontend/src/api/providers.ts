import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";
import { readAll } from "./pages.ts";

/** Every provider, by name. */
export const providersQuery = queryOptions({
  queryKey: ["providers", "list"],
  queryFn: ({ signal }) => readAll((page) => client.providers.list({ query: page }, signal)),
});
