import type { secretsApi } from "@assay/contract";
import type { Handlers } from "../../http/handlers.ts";
import type { SourceEngine } from "../sources/engine.ts";
import {
  createSecret,
  getSecret,
  liftSecretRest,
  pageSecrets,
  patchSecret,
  removeSecret,
  revealSecret,
  type SecretTools,
} from "./service.ts";
import { testSecret } from "./test-secret.ts";

/** The endpoints of secrets. */
export function secretRoutes(tools: SecretTools, engine: SourceEngine): Handlers<typeof secretsApi> {
  const { vault } = tools;
  return {
    list: async (ctx, { query }) => ({ status: 200, body: await pageSecrets(ctx, tools, query) }),
    create: async (ctx, { body }) => ({ status: 201, body: await createSecret(ctx, tools, body) }),
    get: async (ctx, { params }) => ({ status: 200, body: await getSecret(ctx, tools, params.id) }),
    update: async (ctx, { params, body }) => ({ status: 200, body: await patchSecret(ctx, tools, params.id, body) }),
    async delete(ctx, { params }) {
      await removeSecret(ctx, tools, params.id);
      return { status: 204, body: null };
    },
    value: async (ctx, { params }) => ({ status: 200, body: await revealSecret(ctx, vault, params.id) }),
    liftRest: async (ctx, { params }) => ({ status: 200, body: await liftSecretRest(ctx, tools, params.id) }),
    test: async (ctx, { params, body }) => ({
      status: 200,
      body: await testSecret(ctx, tools, engine, params.id, body),
    }),
  };
}
