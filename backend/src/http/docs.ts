import { createRequire } from "node:module";
import { dirname } from "node:path";
import { apiBasePath, openApiDocument } from "@assay/contract";
import express, { type RequestHandler, type Router } from "express";
import { pageHeaders } from "./security-headers.ts";

const swaggerFolder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
const docsPath = `${apiBasePath}/docs`;

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Assay API</title>
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="icon" type="image/png" href="${docsPath}/files/favicon-32x32.png" />
    <link rel="stylesheet" href="${docsPath}/files/swagger-ui.css" />
  </head>
  <body>
    <main id="api"></main>
    <script src="${docsPath}/files/swagger-ui-bundle.js"></script>
    <script src="${docsPath}/page.js"></script>
  </body>
</html>
`;

/** Calls that are tried out on the page go out in the reader's session, so they need its CSRF token. */
const script = `
const csrf = fetch("${apiBasePath}/auth/me").then((answer) => answer.json()).then((me) => me.csrfToken);
SwaggerUIBundle({
  url: "${docsPath}/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  requestInterceptor: async (request) => {
    const token = await csrf;
    if (token) request.headers["X-CSRF-Token"] = token;
    return request;
  },
});
`;

function send(type: string, body: string): RequestHandler {
  return (_, res) => {
    res.setHeader("cache-control", "no-cache");
    res.type(type).send(body);
  };
}

/** The browsable description of the API, below its base path. */
export function createDocs(version: string, secure: boolean): Router {
  const router = express.Router();
  const document = openApiDocument(version);
  router.use(pageHeaders(secure, true));
  router.get("/", send("html", page));
  router.get("/page.js", send("js", script));
  router.get("/openapi.json", send("json", JSON.stringify(document)));
  router.use("/files", express.static(swaggerFolder, { index: false, maxAge: "1d" }));
  return router;
}
