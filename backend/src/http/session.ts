import { randomBytes } from "node:crypto";
import connectPgSimple from "connect-pg-simple";
import type { Request, Response } from "express";
import session from "express-session";
import type { Pool } from "pg";

const sessionCookie = "assay.sid";
const sessionMaxAgeMs = 7 * 24 * 60 * 60 * 1000;

declare module "express-session" {
  interface SessionData {
    csrfToken: string;
    passport: { user?: string };
    /** `password`, or the OpenID provider. */
    way: string;
    address: string;
    userAgent: string;
    /** RFC 3339. */
    signedInAt: string;
    flow: SignInFlow;
  }
}

/** A sign-in at an OpenID provider that is under way in this browser; what has to be the same when the person comes back. */
export interface SignInFlow {
  readonly provider: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  /** Where to go afterwards; a path of this site. */
  readonly next: string;
  /** Set where a signed-in user links an account rather than signs in. */
  readonly linkUserId: string | null;
}

/** A flow that nobody ends is forgotten after this. */
export const flowMaxAgeMs = 10 * 60_000;

/** What a verb may do with the session of its caller. */
export interface SessionHandle {
  /** Of the caller's session; null for callers without one. */
  readonly id: string | null;
  /** Who is signed in with it, by its own word; null where nobody is. */
  readonly userId: string | null;
  readonly csrfToken: string | null;
  /** Starts a session under a new id. `way` is `password` or the OpenID provider. Returns its CSRF token. */
  signIn(userId: string, way: string): Promise<string>;
  signOut(): Promise<void>;
  keepFlow(flow: SignInFlow): Promise<void>;
  /** The flow of this browser, once; null where there is none. */
  takeFlow(): Promise<SignInFlow | null>;
}

export interface SessionOptions {
  readonly pool: Pool;
  /** Signs the cookie. */
  readonly secret: string;
  /** The cookie travels over https only. */
  readonly secure: boolean;
}

/** Loads the session of a call into `req.session`; from PostgreSQL, so that every node knows it. Ends a week after sign-in. */
export type LoadSession = (req: Request, res: Response) => Promise<void>;

export function createSessionLoader({ pool, secret, secure }: SessionOptions): LoadSession {
  const PgStore = connectPgSimple(session);
  const store = new PgStore({ pool, tableName: "sessions", pruneSessionInterval: false, disableTouch: true });
  const middleware = session({
    name: sessionCookie,
    secret,
    store,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: "lax", secure, path: "/", maxAge: sessionMaxAgeMs },
  });
  return (req, res) =>
    new Promise((resolve, reject) => {
      // TLS ends at a proxy in front. express-session gives out a secure cookie only to calls that Express holds for secure.
      if (secure) Object.defineProperty(req, "secure", { value: true });
      void middleware(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
    });
}

/** Whether the call brings a session cookie. */
export function hasSessionCookie(req: Request): boolean {
  return req.headers.cookie?.includes(`${sessionCookie}=`) ?? false;
}

/** 256 random bits. */
export function newCsrfToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Clears the cookie with the attributes that it was set with. */
export function clearSessionCookie(res: Response): void {
  res.clearCookie(sessionCookie, { httpOnly: true, sameSite: "lax", path: "/" });
}
