import type { batchesApi } from "@assay/contract";
import type { Handlers } from "../../http/handlers.ts";
import { exportBatch } from "../exports/export-batch.ts";
import { changeBatch, deleteBatch, retryBatch } from "./control.ts";
import { forecastBatch } from "./forecast.ts";
import {
  type BatchTools,
  createBatch,
  getBatch,
  getDropped,
  pageBatches,
  pageItems,
  readableBatch,
} from "./service.ts";
import { updateBatch } from "./visibility.ts";
import { watchBatch } from "./watch.ts";

/** The endpoints of batches. */
export function batchRoutes(tools: BatchTools): Handlers<typeof batchesApi> {
  return {
    async create(ctx, { body }, { idempotencyKey }) {
      const { batch, made } = await createBatch(ctx, tools, body, idempotencyKey);
      return { status: made ? 201 : 200, body: batch, headers: { location: `/api/v1/batches/${batch.id}` } };
    },
    async list(ctx, { query: { status, cursor, limit } }) {
      return { status: 200, body: await pageBatches(ctx, status, cursor, limit) };
    },
    get: async (ctx, { params }) => ({ status: 200, body: await getBatch(ctx, params.id) }),
    async update(ctx, { params, body }) {
      return { status: 200, body: await updateBatch(ctx, params.id, body.visibility) };
    },
    dropped: async (ctx, { params }) => ({ status: 200, body: await getDropped(ctx, params.id) }),
    forecast: async (ctx, { params }) => ({ status: 200, body: await forecastBatch(ctx, tools, params.id) }),
    async items(ctx, { params, query: { cursor, limit, ...filter } }) {
      return { status: 200, body: await pageItems(ctx, params.id, filter, cursor, limit) };
    },
    async events(ctx, { params }, stream) {
      await readableBatch(ctx, params.id);
      // Opens the stream where there may be nothing new to tell for hours.
      await stream.comment("watching");
      const after = Number.parseInt(stream.lastEventId ?? "-1", 10);
      for await (const event of watchBatch(ctx, params.id, Number.isNaN(after) ? -1 : after, stream.signal)) {
        await stream.send({ id: String(event.batch.revision), type: event.type, data: JSON.stringify(event) });
      }
    },
    async export(ctx, { params, query: { format, ...filter } }) {
      return exportBatch(ctx, await readableBatch(ctx, params.id), filter, format);
    },
    start: async (ctx, { params }) => ({ status: 200, body: await changeBatch(ctx, params.id, "start") }),
    pause: async (ctx, { params }) => ({ status: 200, body: await changeBatch(ctx, params.id, "pause") }),
    resume: async (ctx, { params }) => ({ status: 200, body: await changeBatch(ctx, params.id, "resume") }),
    cancel: async (ctx, { params }) => ({ status: 200, body: await changeBatch(ctx, params.id, "cancel") }),
    async retry(ctx, { params, body }) {
      return { status: 200, body: await retryBatch(ctx, params.id, body.incomplete) };
    },
    async delete(ctx, { params }) {
      await deleteBatch(ctx, params.id);
      return { status: 204, body: null };
    },
  };
}
