import { existsSync } from "node:fs";
import { join } from "node:path";
import express, { type Router } from "express";
import { pageHeaders } from "./security-headers.ts";

const notBuilt = "The dashboard has not been built. Start Assay with npm start, which builds it.\n";

/**
 * Serves the built dashboard: files whose name holds their hash for ever, and the page itself for every address of its router.
 * `folder` is what Vite wrote.
 */
export function createDashboard(folder: string, secure: boolean): Router {
  const router = express.Router();
  const page = join(folder, "index.html");
  router.use(pageHeaders(secure));
  router.use(
    "/assets",
    express.static(join(folder, "assets"), { immutable: true, maxAge: "365d", index: false, fallthrough: false }),
  );
  router.use(express.static(folder, { index: false, maxAge: "1h" }));
  router.get("/{*path}", (_, res) => {
    res.setHeader("cache-control", "no-cache");
    if (existsSync(page)) res.sendFile(page);
    else res.status(503).type("text/plain").send(notBuilt);
  });
  return router;
}
