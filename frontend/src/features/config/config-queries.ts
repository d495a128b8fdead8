import { queryOptions } from "@tanstack/react-query";
import { client } from "../../api/client.ts";

export const configQuery = queryOptions({
  queryKey: ["config"],
  queryFn: async ({ signal }) => (await client.config.get({}, signal)).items,
});
