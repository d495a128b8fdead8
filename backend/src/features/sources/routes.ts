import type { sourcesApi } from "@assay/contract";
import type { Handlers } from "../../http/handlers.ts";
import { pageIgnoreLists } from "../ignore-lists/service.ts";
import { assignSecrets, getSourceSecrets } from "../secrets/assignments.ts";
import type { SecretTools } from "../secrets/service.ts";
import { getSourceQuota, liftSourceRest } from "../secrets/source-quota.ts";
import type { SourceEngine } from "./engine.ts";
import { getVersion, rollBackSource } from "./rollback.ts";
import { createSource, patchSource } from "./save.ts";
import { checkUnsaved, testUnsaved } from "./unsaved.ts";
import { getSource, pageAnswers, pageSources, pageVersions, removeSource } from "./service.ts";

/** The endpoints of sources. */
export function sourceRoutes(engine: SourceEngine, secrets: SecretTools): Handlers<typeof sourcesApi> {
  return {
    list: async (ctx, { query }) => ({ status: 200, body: await pageSources(ctx, query) }),
    create: async (ctx, { body }) => ({ status: 201, body: await createSource(ctx, engine, body) }),
    check: async (ctx, { body }) => ({ status: 200, body: await checkUnsaved(ctx, engine, body) }),
    test: async (ctx, { body }) => ({ status: 200, body: await testUnsaved(ctx, engine, body) }),
    getBySlug: async (ctx, { params }) => ({ status: 200, body: await getSource(ctx, params) }),
    get: async (ctx, { params }) => ({ status: 200, body: await getSource(ctx, params) }),
    update: async (ctx, { params, body }) => ({ status: 200, body: await patchSource(ctx, engine, params.id, body) }),
    async delete(ctx, { params }) {
      await removeSource(ctx, engine, params.id);
      return { status: 204, body: null };
    },
    secrets: async (ctx, { params }) => ({
      status: 200,
      body: await getSourceSecrets(ctx, secrets.store, params.id),
    }),
    assignSecrets: async (ctx, { params, body }) => ({
      status: 200,
      body: await assignSecrets(ctx, secrets, params.id, body),
    }),
    quota: async (ctx, { params }) => ({ status: 200, body: await getSourceQuota(ctx, secrets, params.id) }),
    liftRest: async (ctx, { params }) => ({ status: 200, body: await liftSourceRest(ctx, secrets, params.id) }),
    requests: async (ctx, { params, query }) => ({ status: 200, body: await pageAnswers(ctx, params.id, query) }),
    versions: async (ctx, { params, query }) => ({ status: 200, body: await pageVersions(ctx, params.id, query) }),
    version: async (ctx, { params }) => ({ status: 200, body: await getVersion(ctx, params.id, params.versionId) }),
    rollback: async (ctx, { params }) => ({
      status: 200,
      body: await rollBackSource(ctx, engine, params.id, params.versionId),
    }),
    async ignoreLists(ctx, { params, query }) {
      const { id: sourceId } = await getSource(ctx, params);
      return { status: 200, body: await pageIgnoreLists(ctx, { ...query, sourceId }) };
    },
  };
}
