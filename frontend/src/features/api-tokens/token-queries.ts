import { client } from "../../api/client.ts";
import { pagedQuery } from "../../api/pages.ts";

export const apiTokensQuery = pagedQuery(["apiTokens"], (cursor, signal) =>
  client.apiTokens.list({ query: { limit: 50, cursor } }, signal),
);
