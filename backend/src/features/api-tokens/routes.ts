import type { apiTokensApi } from "@assay/contract";
import type { Handlers } from "../../http/handlers.ts";
import { createToken, pageTokens, patchToken, regenerateToken, removeToken } from "./service.ts";
import type { TokenProof } from "./token-proof.ts";

/** The endpoints of API tokens. */
export function apiTokenRoutes(proof: TokenProof): Handlers<typeof apiTokensApi> {
  return {
    list: async (ctx, { query }) => ({ status: 200, body: await pageTokens(ctx, query) }),
    create: async (ctx, { body }) => ({ status: 201, body: await createToken(ctx, body) }),
    update: async (ctx, { params, body }) => ({ status: 200, body: await patchToken(ctx, proof, params.id, body) }),
    regenerate: async (ctx, { params }) => ({ status: 200, body: await regenerateToken(ctx, proof, params.id) }),
    async delete(ctx, { params }) {
      await removeToken(ctx, proof, params.id);
      return { status: 204, body: null };
    },
  };
}
