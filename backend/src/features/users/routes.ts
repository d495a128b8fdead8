import type { usersApi } from "@assay/contract";
import { authorise } from "../../authorise.ts";
import type { Handlers } from "../../http/handlers.ts";
import { pageTokensOf, revokeTokenOf } from "../api-tokens/service.ts";
import type { TokenProof } from "../api-tokens/token-proof.ts";
import { pageEvents } from "../audit/service.ts";
import { pageProviders } from "../providers/service.ts";
import { pageRequests } from "../requests/service.ts";
import { pageSources } from "../sources/service.ts";
import {
  createAccount,
  getAccount,
  pageAccounts,
  patchAccount,
  removeAccount,
  resetPassword,
  signOutAccount,
} from "./service.ts";

/** The endpoints of accounts, for administrators. */
export function userRoutes(tokens: TokenProof): Handlers<typeof usersApi> {
  return {
    list: async (ctx, { query }) => ({ status: 200, body: await pageAccounts(ctx, query) }),
    create: async (ctx, { body }) => ({ status: 201, body: await createAccount(ctx, body) }),
    get: async (ctx, { params }) => ({ status: 200, body: await getAccount(ctx, params.id) }),
    update: async (ctx, { params, body }) => ({ status: 200, body: await patchAccount(ctx, params.id, body) }),
    async delete(ctx, { params }) {
      await removeAccount(ctx, params.id);
      return { status: 204, body: null };
    },
    resetPassword: async (ctx, { params }) => ({
      status: 200,
      body: { password: await resetPassword(ctx, params.id) },
    }),
    async signOut(ctx, { params }) {
      await signOutAccount(ctx, params.id);
      return { status: 204, body: null };
    },
    async logs(ctx, { params, query }) {
      const { id: actorId } = await getAccount(ctx, params.id);
      return { status: 200, body: await pageEvents(ctx, { ...query, actorId }) };
    },
    async requests(ctx, { params, query: { cursor, limit } }) {
      authorise(ctx.actor, "requests:read");
      const { id: userId } = await getAccount(ctx, params.id);
      return { status: 200, body: await pageRequests(ctx, { userId }, cursor, limit) };
    },
    async sources(ctx, { params, query }) {
      authorise(ctx.actor, "sources:read");
      const { id: createdUserId } = await getAccount(ctx, params.id);
      return { status: 200, body: await pageSources(ctx, { ...query, createdUserId }) };
    },
    async providers(ctx, { params, query }) {
      authorise(ctx.actor, "sources:read");
      const { id: createdUserId } = await getAccount(ctx, params.id);
      return { status: 200, body: await pageProviders(ctx, { ...query, createdUserId }) };
    },
    async apiTokens(ctx, { params, query }) {
      await getAccount(ctx, params.id);
      return { status: 200, body: await pageTokensOf(ctx, params.id, query) };
    },
    async revokeApiToken(ctx, { params }) {
      await getAccount(ctx, params.id);
      await revokeTokenOf(ctx, tokens, params.id, params.tokenId);
      return { status: 204, body: null };
    },
  };
}
