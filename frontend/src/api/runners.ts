import { queryOptions } from "@tanstack/react-query";
import { client } from "./client.ts";

/** Runners and whether they serve; asked again twice a minute. */
export const runnersQuery = queryOptions({
  queryKey: ["runners"],
  queryFn: async ({ signal }) => (await client.runners.list({}, signal)).items,
  refetchInterval: 30_000,
});
