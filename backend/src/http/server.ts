import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { apiBasePath } from "@assay/contract";
import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import { authorise } from "../authorise.ts";
import { ProblemError } from "../problem-error.ts";
import { StartError } from "../start-error.ts";
import { cors } from "./cors.ts";
import { createDashboard } from "./dashboard.ts";
import { createDocs } from "./docs.ts";
import { createMount, type Mount, type MountOptions } from "./mount.ts";
import { nameCall } from "./origin.ts";
import { refuseCall } from "./send.ts";

export interface HttpOptions extends MountOptions {
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** People open it over https: a proxy in front ends TLS. */
  readonly secure: boolean;
  readonly version: string;
  /** Where the built dashboard is. */
  readonly dashboardFolder: string;
  /** Origins of other sites whose pages may call the API, as they are at the time. */
  readonly corsOrigins: () => readonly string[];
  /** Mounts every table of the API. */
  readonly endpoints: (mount: Mount) => void;
}

export interface HttpServer {
  readonly port: number;
  /** Takes no more calls and lets those under way come to their end, for a while. */
  close(): Promise<void>;
}

/** An indicator of 8192 characters may stand in an address, three bytes for each. */
const headerBytesMax = 64 * 1024;
const requestTimeoutMs = 60_000;
/** Longer than the 60 s of common load balancers, so that they close first. */
const keepAliveTimeoutMs = 65_000;
const closeTimeoutMs = 5_000;

/**
 * Serves API, its documentation and the dashboard.
 * @throws StartError when the port cannot be had
 */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use(apiBasePath, createApi(options));
  app.use(createDashboard(options.dashboardFolder, options.secure));
  app.use(onError(options));
  const server = createServer({ maxHeaderSize: headerBytesMax, requestTimeout: requestTimeoutMs }, (req, res) => {
    res.setHeader("x-request-id", nameCall(req));
    app(req, res);
  });
  server.keepAliveTimeout = keepAliveTimeoutMs;
  await listen(server, options.host, options.port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        const insist = setTimeout(() => server.closeAllConnections(), closeTimeoutMs);
        server.close((error) => {
          clearTimeout(insist);
          if (error) reject(error);
          else resolve();
        });
      }),
  };
}

function createApi(options: HttpOptions): express.Router {
  const router = express.Router({ caseSensitive: true });
  router.use(cors(options.corsOrigins));
  options.endpoints(createMount(router, options));
  router.use("/docs", signedIn(options), createDocs(options.version, options.secure));
  router.use((req, res) => {
    const path = req.originalUrl.split("?", 1)[0];
    refuseCall(req, res, new ProblemError("NOT_FOUND", `There is no endpoint ${path}.`), options);
  });
  router.use(onError(options));
  return router;
}

/** People are sent to the page where they can sign in; programs get the problem. */
function signedIn(options: HttpOptions): RequestHandler {
  return async (req, res, next) => {
    try {
      authorise(await options.door.identify(req, res), "authenticated");
    } catch (error) {
      if (req.accepts(["json", "html"]) === "html") res.redirect("/");
      else refuseCall(req, res, error, options);
      return;
    }
    next();
  };
}

/** What Express itself finds wrong, such as an address that is not valid percent-encoding. */
function onError(options: HttpOptions): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    refuseCall(req, res, error, options);
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new StartError(listenText(error, host, port), { cause: error })),
    );
    server.listen(port, host, () => resolve());
  });
}

function listenText(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is taken by another program. Stop that program, or choose another port with ASSAY_PORT.`;
    case "EACCES":
      return `Port ${port} may only be opened by an administrator. Choose one above 1023 with ASSAY_PORT.`;
    case "EADDRNOTAVAIL":
      return `This machine does not have the address ${host}. Correct ASSAY_HOST.`;
    default:
      return `Port ${port} on ${host} cannot be opened: ${error.message}. Correct ASSAY_HOST or ASSAY_PORT.`;
  }
}
