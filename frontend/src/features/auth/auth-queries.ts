import { queryOptions } from "@tanstack/react-query";
import { client } from "../../api/client.ts";

export const identitiesQuery = queryOptions({
  queryKey: ["auth", "identities"],
  queryFn: ({ signal }) => client.auth.identities({}, signal),
});

export const sessionsQuery = queryOptions({
  queryKey: ["auth", "sessions"],
  queryFn: ({ signal }) => client.auth.sessions({}, signal),
});
