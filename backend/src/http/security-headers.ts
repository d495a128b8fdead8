import type { RequestHandler } from "express";
import helmet from "helmet";

/** For answers of the API, which no page has to render: set by hand, as they go out a thousand times a second. */
export const apiHeaders: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const self = ["'self'"];

/**
 * Headers of the pages: everything from here, no inline script, no frame around them. The editors of the dashboard and the API's
 * browsable page write style elements of their own, so styles may be inline. `secure`: the pages are only ever opened over https.
 */
export function pageHeaders(secure: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: self,
        styleSrc: [...self, "'unsafe-inline'"],
        imgSrc: [...self, "data:"],
        fontSrc: self,
        connectSrc: self,
        manifestSrc: self,
        workerSrc: self,
        baseUri: ["'none'"],
        formAction: self,
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: secure,
  });
}
