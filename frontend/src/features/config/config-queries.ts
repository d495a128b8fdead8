import { queryOptions } from "@tanstack/react-query";
import { client } from "../../api/client.ts";

/** Below the settings, so that it is asked anew when one of them changes. */
export const retentionQuery = queryOptions({
  queryKey: ["config", "retention"],
  queryFn: ({ signal }) => client.config.retention({}, signal),
});

export const configQuery = queryOptions({
  queryKey: ["config"],
  queryFn: async ({ signal }) => (await client.config.get({}, signal)).items,
});
