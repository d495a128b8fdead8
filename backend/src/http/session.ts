import type { ServerConfig } from "@assay/contract";
import connectPgSimple from "connect-pg-simple";
import type { Request, Response } from "express";
import session, { type Session, type SessionData } from "express-session";
import type { Pool } from "pg";
import type { Clock } from "../context.ts";
import { storedSessionId } from "./session-id.ts";

const sessionCookie = "assay.sid";
const hourMs = 60 * 60 * 1000;
/** How exactly it is known when a session was last used. */
const seenEveryMs = 60_000;

declare module "express-session" {
  interface SessionData {
    /** Milliseconds since 1970. */
    startedAt: number;
    /** The same; written past the session store, which would bring back a session that ends meanwhile. */
    seenAt: number;
    passport: { user?: string };
    /** `password`, or the OpenID provider. */
    way: string;
    address: string;
    userAgent: string;
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
  /** Of the caller's session, as it is stored; null for callers without one. */
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
  readonly clock: Clock;
  /** Signs the cookie. */
  readonly secret: string;
  /** The cookie travels over https only. */
  readonly secure: boolean;
  /** How long sessions last. */
  readonly settings: () => Pick<ServerConfig, "sessionIdleMinutes" | "sessionHours">;
}

/** Sessions, in PostgreSQL, so that every node knows them. */
export interface Sessions {
  /** Loads the session of a call into `req.session`; one whose time is over is deleted, and a new one is there instead. */
  load(req: Request, res: Response): Promise<void>;
  /** Makes a new session that of somebody who signs in. */
  start(session: Session & Partial<SessionData>): void;
  /** Keeps a flow in a session, which may be one of nobody: then it need not last longer than a sign-in may take. */
  keep(session: Session & Partial<SessionData>, flow: SignInFlow): void;
  /** Takes the cookie away from the browser, with the attributes that it was set with. */
  clear(res: Response): void;
}

export function createSessions({ pool, clock, secret, secure, settings }: SessionOptions): Sessions {
  const PgStore = connectPgSimple(session);
  const store = new PgStore({ pool, tableName: "sessions", pruneSessionInterval: false, disableTouch: true });
  const isOver = ({ startedAt = 0, seenAt = 0 }: Partial<SessionData>): boolean => {
    const now = clock.now().getTime();
    const { sessionIdleMinutes, sessionHours } = settings();
    return now - seenAt > sessionIdleMinutes * 60_000 || now - startedAt > sessionHours * hourMs;
  };
  const getStored = store.get.bind(store);
  const setStored = store.set.bind(store);
  const destroyStored = store.destroy.bind(store);
  store.get = (sid, done) =>
    getStored(storedSessionId(sid), (error: unknown, found?: SessionData | null) => {
      if (error || !found || !isOver(found)) done(error, found);
      else store.destroy(sid, (failure?: unknown) => done(failure ?? null, null));
    });
  store.set = (sid, kept, done) => setStored(storedSessionId(sid), kept, done);
  store.destroy = (sid, done) => destroyStored(storedSessionId(sid), done);
  // The prefix binds the cookie to this very host: no other one below the same domain can plant one (RFC 6265bis, 4.1.3.2).
  const name = secure ? `__Host-${sessionCookie}` : sessionCookie;
  const middleware = session({
    name,
    secret,
    store,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: "lax", secure, path: "/", maxAge: hourMs },
  });
  const loadStored = (req: Request, res: Response): Promise<void> =>
    new Promise((resolve, reject) => {
      // TLS ends at a proxy in front. express-session gives out a secure cookie only to calls that Express holds for secure.
      if (secure) Object.defineProperty(req, "secure", { value: true });
      void middleware(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
    });

  return {
    async load(req, res) {
      await loadStored(req, res);
      const { passport, seenAt = 0 } = req.session;
      const now = clock.now().getTime();
      if (passport?.user !== undefined && now - seenAt >= seenEveryMs)
        await noteSeen(pool, storedSessionId(req.sessionID), now);
    },
    start(fresh) {
      const now = clock.now().getTime();
      fresh.startedAt = now;
      fresh.seenAt = now;
      fresh.cookie.maxAge = settings().sessionHours * hourMs;
    },
    keep(held, flow) {
      held.flow = flow;
      if (held.passport?.user !== undefined) return;
      held.startedAt = clock.now().getTime();
      held.seenAt = held.startedAt;
      held.cookie.maxAge = flowMaxAgeMs;
    },
    clear: (res) => void res.clearCookie(name, { httpOnly: true, sameSite: "lax", secure, path: "/" }),
  };
}

async function noteSeen(pool: Pool, id: string, now: number): Promise<void> {
  await pool.query({
    name: "session-seen",
    text: "UPDATE sessions SET sess = jsonb_set(sess::jsonb, '{seenAt}', to_jsonb($2::bigint))::json WHERE sid = $1",
    values: [id, now],
  });
}

/** Whether the call brings a session cookie. */
export function hasSessionCookie(req: Request): boolean {
  return req.headers.cookie?.includes(`${sessionCookie}=`) ?? false;
}
