import { problemStatus } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Request, Response } from "express";
import { challengeOf } from "./challenge.ts";
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

/** Answers with the problem that an error is. */
export function sendProblem(req: Request, res: Response, error: unknown, trace: CallTrace, log: Logger): void {
  if (res.destroyed || res.headersSent) {
    res.destroy();
    return;
  }
  const { problem, headers } = problemOf(error, trace.traceId, log);
  const challenge = problem.status === problemStatus.UNAUTHENTICATED ? challengeOf(req) : {};
  sendJson(res, problem.status, problem, "application/problem+json", {
    ...apiHeaders,
    ...trace.headers,
    ...challenge,
    ...headers,
  });
}

/** The same for a call that reached no endpoint. */
export function refuseCall(req: Request, res: Response, error: unknown, log: Logger): void {
  const trace = startCallTrace(req, "HTTP", "unknown", req.originalUrl.split("?", 1)[0] ?? "");
  trace.run(() => sendProblem(req, res, error, trace, log));
  trace.end(res.statusCode, error);
}
