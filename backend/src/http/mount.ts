import { type Endpoint, type EndpointTable, IdempotencyKey } from "@assay/contract";
import type { Logger } from "@assay/process";
import express, { type Request, type Response, type Router } from "express";
import { authorise } from "../authorise.ts";
import type { Actor, Clock, Context, Origin } from "../context.ts";
import type { Database } from "../db/database.ts";
import type { AccessWatch } from "../features/auth/access-watch.ts";
import { fail, failValidation, ProblemError } from "../problem-error.ts";
import { checkCsrf } from "./csrf.ts";
import type { Door } from "./door.ts";
import { createEventStream, type OpenEventStream } from "./event-stream.ts";
import { sendFile } from "./file.ts";
import type { Exchange, FileAnswer, Handlers } from "./handlers.ts";
import { requestIdOf } from "./origin.ts";
import { parseInput } from "./parse-input.ts";
import { problemOf } from "./problem.ts";
import { bodyBytesMaxDefault, readBody } from "./read-body.ts";
import type { RateLimits } from "./rate-limits.ts";
import { apiHeaders } from "./security-headers.ts";
import { type Edge, sendJson, sendProblem } from "./send.ts";
import { type CallTrace, startCallTrace } from "./trace.ts";

export type { EventStream } from "./event-stream.ts";
export type { Exchange, Handler, Handlers } from "./handlers.ts";

export interface MountOptions extends Edge {
  readonly db: Database;
  readonly clock: Clock;
  readonly originOf: (req: Request) => Origin;
  readonly rateLimits: RateLimits;
  readonly door: Door;
  /** Ends streams whose caller may no longer have them. */
  readonly access: AccessWatch;
  /** Aborts when the process stops: streams end, waits are over. */
  readonly stopping: AbortSignal;
  /** Checks every answer against the contract; for tests. */
  readonly checkAnswers?: boolean;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
/** A handler as it is called: the table gives the precise types, and `parseInput` sees to it that they hold. */
type AnyHandler = (
  ctx: Context,
  input: unknown,
  third: Exchange | OpenEventStream,
) => Promise<Answer | FileAnswer | void>;

interface Row {
  readonly endpoint: Endpoint;
  readonly handler: AnyHandler;
}

export type Mount = <T extends EndpointTable>(table: T, handlers: Handlers<T>) => void;

/** Puts the endpoints of a table on the router. Everything that happens to a call happens here, in this order, for all alike. */
export function createMount(router: Router, options: MountOptions): Mount {
  const calls = new Set<AbortController>();
  // A router tries its paths one after the other, so each noun has its own.
  const byNoun = new Map<string, Router>();
  const nounRouter = (noun: string): Router => {
    const router = byNoun.get(noun) ?? express.Router({ caseSensitive: true });
    byNoun.set(noun, router);
    return router;
  };
  router.use((req, res, next) => {
    const own = byNoun.get(req.path.split("/", 2)[1] ?? "");
    if (own) own(req, res, next);
    else next();
  });
  options.stopping.addEventListener("abort", () => {
    for (const call of calls) call.abort(options.stopping.reason);
  });
  return (table, handlers) => {
    const byPath = new Map<string, Map<string, Row>>();
    for (const [name, endpoint] of Object.entries(table)) {
      const rows = byPath.get(endpoint.path) ?? new Map<string, Row>();
      rows.set(endpoint.method, {
        endpoint,
        handler: handlers[name as keyof typeof handlers] as unknown as AnyHandler,
      });
      byPath.set(endpoint.path, rows);
    }
    for (const [path, rows] of byPath) {
      const noun = path.split("/", 2)[1] ?? "";
      nounRouter(noun).all(path.replaceAll(/\{(\w+)\}/g, ":$1"), (req, res) => answer(req, res, rows, options, calls));
    }
  };
}

async function answer(
  req: Request,
  res: Response,
  rows: ReadonlyMap<string, Row>,
  options: MountOptions,
  calls: Set<AbortController>,
): Promise<void> {
  const method = req.method === "HEAD" ? "GET" : req.method;
  const found = rows.get(method);
  // A HEAD asks for headers only; it must not set work going as the GET of a one-call lookup does.
  const row = req.method === "HEAD" && found?.endpoint.access === "requests:run" ? undefined : found;
  const path = rows.values().next().value?.endpoint.path ?? "";
  const trace = startCallTrace(req, row ? method : "HTTP", `/api/v1${path}`, req.originalUrl.split("?", 1)[0] ?? "");
  let child: Logger | null = null;
  const log = (): Logger => (child ??= options.log.child({ requestId: requestIdOf(req) }));
  const call = new AbortController();
  calls.add(call);
  res.once("close", () => {
    calls.delete(call);
    if (!res.writableFinished) call.abort();
  });
  await trace.run(async () => {
    let failure: unknown;
    try {
      if (!row) throw methodNotAllowed(req.method, rows);
      await perform(req, res, row, options, log, call, trace);
    } catch (error) {
      failure = error;
      sendProblem(req, res, error, trace, { ...options, log: log() });
    } finally {
      trace.end(res.statusCode, failure);
    }
  });
}

async function perform(
  req: Request,
  res: Response,
  { endpoint, handler }: Row,
  { db, clock, door, access, originOf, rateLimits, stopping, checkAnswers }: MountOptions,
  log: () => Logger,
  call: AbortController,
  trace: CallTrace,
): Promise<void> {
  if (stopping.aborted) fail("UNAVAILABLE", "Assay is stopping. Try again in a few seconds.");
  const origin = originOf(req);
  await rateLimits.takeAddress(origin.address, res);
  const actor = endpoint.access === "public" ? ({ type: "anonymous" } as const) : await door.identify(req, res);
  await rateLimits.takeActor(actor, res);
  authorise(actor, endpoint.access);
  checkCsrf(actor, req);
  const body = endpoint.body ? await readBody(req, endpoint.bodyBytesMax ?? bodyBytesMaxDefault) : undefined;
  const input = parseInput([
    { name: "params", schema: endpoint.params, value: { ...req.params } },
    { name: "query", schema: endpoint.query, value: { ...req.query } },
    { name: "body", schema: endpoint.body, value: body },
  ]);
  const ctx: Context = {
    ...{ db, actor, clock, origin, signal: call.signal },
    get log() {
      return log();
    },
  };
  const headers = { ...apiHeaders, ...trace.headers };
  const idempotencyKey = endpoint.idempotent ? readIdempotencyKey(req) : null;
  const exchange = { origin, session: door.session(req, res), idempotencyKey };
  if (endpoint.events || endpoint.file) {
    const identify = async (): Promise<void> => authorise(await door.identifyAgain(req, res), endpoint.access);
    const release = holdAccess(access, actor, identify, call, ctx.log);
    try {
      if (endpoint.events) await stream(req, res, ctx, input, handler, headers, trace);
      else await sendFile(res, (await handler(ctx, input, exchange)) as FileAnswer, headers, ctx.signal);
    } finally {
      release();
    }
    return;
  }
  const result = (await handler(ctx, input, exchange)) as Answer | undefined;
  if (!result) throw new Error(`The handler of ${endpoint.method} ${endpoint.path} gave no answer`);
  if (checkAnswers) endpoint.responses[result.status]?.parse(result.body);
  if (res.destroyed) return;
  if (endpoint.responses[result.status] === null) {
    res.writeHead(result.status, { ...headers, ...result.headers }).end();
  } else {
    sendJson(res, result.status, result.body, "application/json", { ...headers, ...result.headers });
  }
}

async function stream(
  req: Request,
  res: Response,
  ctx: Context,
  input: unknown,
  handler: AnyHandler,
  headers: Readonly<Record<string, string>>,
  trace: CallTrace,
): Promise<void> {
  const last = req.headers["last-event-id"];
  const ids = { traceId: trace.traceId, requestId: requestIdOf(req) };
  const events = createEventStream(res, headers, typeof last === "string" ? last : null, ctx.signal);
  try {
    await handler(ctx, input, events);
    const { reason } = ctx.signal;
    events.end(reason instanceof ProblemError ? problemOf(reason, ids, ctx.log).problem : undefined);
  } catch (error) {
    if (!res.headersSent) throw error;
    events.end(problemOf(error, ids, ctx.log).problem);
  }
}

/** @throws ProblemError VALIDATION_FAILED */
function readIdempotencyKey(req: Request): string | null {
  const given = req.headers["idempotency-key"];
  if (given === undefined) return null;
  const read = IdempotencyKey.safeParse(given);
  if (read.success) return read.data;
  const message = read.error.issues[0]?.message ?? "is not a key";
  return failValidation([{ field: "header.Idempotency-Key", message }]);
}

/** Aborts a call that goes on for long as soon as its caller could no longer begin it: signed out, revoked, disabled. */
function holdAccess(
  access: AccessWatch,
  actor: Actor,
  identify: () => Promise<void>,
  call: AbortController,
  log: Logger,
): () => void {
  if (actor.type !== "user" && actor.type !== "apiToken") return () => undefined;
  return access.watch(actor.user.id, () => {
    identify().catch((error: unknown) => {
      if (!(error instanceof ProblemError)) log.warn({ err: error }, "the rights of a stream could not be checked");
      call.abort(error);
    });
  });
}

function methodNotAllowed(method: string, rows: ReadonlyMap<string, Row>): ProblemError {
  const allow = [...rows.keys()].join(", ");
  return new ProblemError("METHOD_NOT_ALLOWED", `${method} is not possible here; possible: ${allow}.`, {
    headers: { allow },
  });
}
