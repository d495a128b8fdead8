import type { ignoreListsApi } from "@assay/contract";
import type { Handlers } from "../../http/handlers.ts";
import { importEntries, importMispList, pageEntries, removeEntries, writeEntries } from "./entries.ts";
import type { IgnoreListStore } from "./ignore-list-store.ts";
import { type Fetcher, refreshList } from "./refresh.ts";
import {
  createIgnoreList,
  getIgnoreList,
  ignoreListOf,
  matchIndicator,
  pageIgnoreLists,
  patchIgnoreList,
  removeIgnoreList,
  tiedProviders,
  tiedSources,
  tieIgnoreList,
} from "./service.ts";

/** The endpoints of ignore lists. */
export function ignoreListRoutes(store: IgnoreListStore, fetcher: Fetcher): Handlers<typeof ignoreListsApi> {
  return {
    list: async (ctx, { query }) => ({ status: 200, body: await pageIgnoreLists(ctx, query) }),
    // Without entries there is nothing to compile yet.
    create: async (ctx, { body }) => ({ status: 201, body: ignoreListOf(await createIgnoreList(ctx, body)) }),
    global: async (ctx, { query }) => ({ status: 200, body: await pageIgnoreLists(ctx, { ...query, global: true }) }),
    match: async (_ctx, { body }) => ({ status: 200, body: matchIndicator(store, body) }),
    import: async (ctx, { body }) => ({ status: 201, body: await importMispList(ctx, store, body) }),
    getBySlug: async (ctx, { params }) => ({ status: 200, body: await getIgnoreList(ctx, params) }),
    get: async (ctx, { params }) => ({ status: 200, body: await getIgnoreList(ctx, params) }),
    update: async (ctx, { params, body }) => ({
      status: 200,
      body: await patchIgnoreList(ctx, store, params.id, body),
    }),
    async delete(ctx, { params }) {
      await removeIgnoreList(ctx, store, params.id);
      return { status: 204, body: null };
    },
    entries: async (ctx, { params, query }) => ({ status: 200, body: await pageEntries(ctx, params.id, query) }),
    addEntries: async (ctx, { params, body }) => ({
      status: 200,
      body: await writeEntries(ctx, store, params.id, body.entries, "add"),
    }),
    replaceEntries: async (ctx, { params, body }) => ({
      status: 200,
      body: await writeEntries(ctx, store, params.id, body.entries, "replace"),
    }),
    removeEntries: async (ctx, { params, body }) => ({
      status: 200,
      body: await removeEntries(ctx, store, params.id, body.entries),
    }),
    importEntries: async (ctx, { params, body }) => ({
      status: 200,
      body: await importEntries(ctx, store, params.id, body),
    }),
    refresh: async (ctx, { params, body }) => ({
      status: 200,
      body: await refreshList(ctx, store, fetcher, params.id, body.acceptSmaller),
    }),
    sources: async (ctx, { params }) => ({ status: 200, body: { items: await tiedSources(ctx, params.id) } }),
    tieSources: async (ctx, { params, body }) => ({
      status: 200,
      body: await tieIgnoreList(ctx, store, params.id, body),
    }),
    providers: async (ctx, { params }) => ({ status: 200, body: { items: await tiedProviders(ctx, params.id) } }),
    tieProviders: async (ctx, { params, body }) => ({
      status: 200,
      body: await tieIgnoreList(ctx, store, params.id, body),
    }),
  };
}
