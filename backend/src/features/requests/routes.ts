import type { Request, RequestInput, requestsApi } from "@assay/contract";
import { requireUser } from "../../authorise.ts";
import { callerClassOf } from "../../caller-class.ts";
import type { Actor, Context } from "../../context.ts";
import type { EventStream } from "../../http/event-stream.ts";
import type { Handlers } from "../../http/handlers.ts";
import { withMarkings } from "../../may-ask.ts";
import type { ConfigStore } from "../config/config-store.ts";
import { exportRequest, exportRequests } from "../exports/service.ts";
import type { LookupOrigin, Lookups } from "../lookups/lookups.ts";
import {
  cancelRequest,
  diffRequests,
  getRequest,
  knownIndicators,
  pageHistory,
  pageRequests,
  relatedRequests,
  startRequest,
  watchRequest,
} from "./service.ts";
import { startOnce } from "./start-once.ts";
import { updateRequest } from "./visibility.ts";

interface ExecuteQuery extends RequestInput {
  readonly ignoreErrors: boolean;
}

/** The longest deadline that a lookup may have, and time to store what came of it. */
const executeWaitMs = 310_000;

/** The endpoints of lookups. */
export function requestRoutes(lookups: Lookups, settings: ConfigStore): Handlers<typeof requestsApi> {
  const marked = ({ actor }: Context, input: RequestInput) => withMarkings(actor, settings.current(), input);
  return {
    async create(ctx, { query, body }, { idempotencyKey }) {
      const origin = originOf(ctx.actor);
      const input = marked(ctx, body);
      const { request, complete } =
        idempotencyKey === null
          ? await startRequest(lookups, input, origin, query.wait)
          : await startOnce(ctx, lookups, input, origin, idempotencyKey, query.wait);
      const headers = { location: `/api/v1/requests/${request.id}` };
      return { status: complete ? 201 : 202, body: request, headers };
    },
    async list(ctx, { query: { cursor, limit, ...filter } }) {
      return { status: 200, body: await pageRequests(ctx, filter, cursor, limit) };
    },
    async exportAll(ctx, { query: { format, ...filter } }) {
      return exportRequests(ctx, filter, format);
    },
    async known(ctx, { body }) {
      return { status: 200, body: { items: await knownIndicators(ctx, body.indicators) } };
    },
    async execute(ctx, { query }) {
      const { ignoreErrors, input } = executeInput(query);
      const { request } = await startRequest(lookups, marked(ctx, input), originOf(ctx.actor), executeWaitMs);
      return { status: 200, body: ignoreErrors ? withoutErrors(request) : request };
    },
    async executeSse(ctx, { query }, stream) {
      const { ignoreErrors, input } = executeInput(query);
      const lookup = lookups.start(marked(ctx, input), originOf(ctx.actor));
      await sendEvents(ctx, lookups, lookup.request.id, stream, ignoreErrors);
    },
    async get(ctx, { params }) {
      return { status: 200, body: await getRequest(ctx, lookups, params.id) };
    },
    async export(ctx, { params, query }) {
      return exportRequest(ctx, lookups, params.id, query.format);
    },
    async update(ctx, { params, body }) {
      return { status: 200, body: await updateRequest(ctx, lookups, params.id, body.visibility) };
    },
    async history(ctx, { params, query }) {
      return { status: 200, body: await pageHistory(ctx, lookups, params.id, query.cursor, query.limit) };
    },
    async related(ctx, { params }) {
      return { status: 200, body: await relatedRequests(ctx, lookups, params.id) };
    },
    async diff(ctx, { params, query }) {
      return { status: 200, body: await diffRequests(ctx, lookups, params.id, query.with) };
    },
    async events(ctx, { params }, stream) {
      await sendEvents(ctx, lookups, params.id, stream, false);
    },
    async cancel(ctx, { params }) {
      return { status: 200, body: await cancelRequest(ctx, lookups, params.id) };
    },
  };
}

function originOf(actor: Actor): LookupOrigin {
  return { userId: requireUser(actor).id, callerClass: callerClassOf(actor) };
}

async function sendEvents(
  ctx: Context,
  lookups: Lookups,
  id: string,
  stream: EventStream,
  ignoreErrors: boolean,
): Promise<void> {
  const after = Number.parseInt(stream.lastEventId ?? "0", 10) || 0;
  for await (const { sequence, event } of watchRequest(ctx, lookups, id, after, stream.signal)) {
    if (ignoreErrors && event.type === "fetching_error") continue;
    await stream.send({ id: String(sequence), type: event.type, data: JSON.stringify(event) });
  }
}

function executeInput({ ignoreErrors, ...input }: ExecuteQuery): { ignoreErrors: boolean; input: RequestInput } {
  return { ignoreErrors, input };
}

function withoutErrors(request: Request): Request {
  return {
    ...request,
    answers: request.answers.filter((answer) => answer.outcome === "ok" || answer.outcome === "not_found"),
  };
}
