import { problemStatus } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Request, Response } from "express";
import { challengeOf } from "./challenge.ts";
import { requestIdOf } from "./origin.ts";
import { problemOf } from "./problem.ts";
import { apiHeaders } from "./security-headers.ts";
import { type CallTrace, startCallTrace } from "./trace.ts";

/** Answers with `body` as JSON of the media type `type`. */
export function sendJson(
  res: Response,
  status: number,
  body: unknown,
  type: string,
  headers: Readonly<Record<string, string>>,
): void {
  const text = JSON.stringify(body);
  const headed = { ...headers, "content-type": `${type}; charset=utf-8`, "content-length": Buffer.byteLength(text) };
  // Node sends head and body in one write where the body is text.
  res.writeHead(status, headed).end(text);
}

/** What an answer depends on beside the call. */
export interface Edge {
  readonly log: Logger;
  /** Whether one may sign in with HTTP Basic. */
  readonly basicEnabled: () => boolean;
}

/** Answers with the problem that an error is. */
export function sendProblem(req: Request, res: Response, error: unknown, trace: CallTrace, edge: Edge): void {
  if (res.destroyed || res.headersSent) {
    res.destroy();
    return;
  }
  const { problem, headers } = problemOf(error, { traceId: trace.traceId, requestId: requestIdOf(req) }, edge.log);
  const challenge = problem.status === problemStatus.UNAUTHENTICATED ? challengeOf(req, edge.basicEnabled()) : {};
  sendJson(res, problem.status, problem, "application/problem+json", {
    ...apiHeaders,
    ...trace.headers,
    ...challenge,
    ...headers,
  });
}

/** The same for a call that reached no endpoint. */
export function refuseCall(req: Request, res: Response, error: unknown, edge: Edge): void {
  const trace = startCallTrace(req, "HTTP", "unknown", req.originalUrl.split("?", 1)[0] ?? "");
  trace.run(() =>
    sendProblem(req, res, error, trace, { ...edge, log: edge.log.child({ requestId: requestIdOf(req) }) }),
  );
  trace.end(res.statusCode, error);
}
