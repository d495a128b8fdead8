import type { RequestHandler } from "express";

const allowed = {
  "access-control-allow-methods": "GET, POST, PATCH, PUT, DELETE",
  "access-control-allow-headers":
    "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Traceparent, X-Request-Id",
  "access-control-max-age": "600",
};
const exposed = "Location, RateLimit, RateLimit-Policy, Retry-After, Traceresponse, X-Request-Id, X-Trace-Id";

/** Lets pages of other origins call the API with a token, where the settings name them. Never with cookies. */
export function cors(origins: () => readonly string[]): RequestHandler {
  return (req, res, next) => {
    const known = origins();
    if (known.length > 0) res.vary("Origin");
    const { origin } = req.headers;
    if (origin === undefined || !known.includes(origin)) {
      next();
      return;
    }
    res.setHeader("access-control-allow-origin", origin);
    res.setHeader("access-control-expose-headers", exposed);
    if (req.method === "OPTIONS" && req.headers["access-control-request-method"] !== undefined) {
      res.writeHead(204, allowed).end();
      return;
    }
    next();
  };
}
