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
 * Headers of the pages: everything from here, nothing inline, no frame around them. `secure`: the pages are only ever opened over
 * https. `inlineStyles`: for the API's browsable page, whose library writes style elements of its own.
 */
export function pageHeaders(secure: boolean, inlineStyles = false): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: self,
        styleSrc: inlineStyles ? [...self, "'unsafe-inline'"] : self,
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
