import type { IncomingMessage } from "node:http";
import type { Request, Response } from "express";
import { Passport } from "passport";
import type { Actor, Origin } from "../context.ts";
import { fail, ProblemError } from "../problem-error.ts";
import { csrfTokenOf, storedSessionId } from "./session-id.ts";
import { hasSessionCookie, type SessionHandle, type Sessions } from "./session.ts";

/** What proves who calls. Each rejects with a ProblemError where the proof is no good. */
export interface Proofs {
  readonly apiToken: (value: string) => Promise<Actor>;
  readonly basic: (email: string, password: string, origin: Origin) => Promise<Actor>;
  /** null: the user is gone or disabled, which ends the session. */
  readonly session: (userId: string) => Promise<Actor | null>;
}

/** The one way in: whatever a call brings becomes an actor here. */
export interface Door {
  /** @throws ProblemError UNAUTHENTICATED, TOO_MANY_REQUESTS */
  identify(req: Request, res: Response): Promise<Actor>;
  /** The same for a call that was let in before, from what is so now. @throws ProblemError UNAUTHENTICATED */
  identifyAgain(req: Request, res: Response): Promise<Actor>;
  session(req: Request, res: Response): SessionHandle;
}

/** What passport is told of somebody who signs in. */
interface SigningIn {
  readonly id: string;
  readonly way: string;
}

const userAgentCharsMax = 300;
const anonymous: Actor = { type: "anonymous" };
const basicPattern = /^Basic +([A-Za-z0-9+/=_-]+) *$/i;
const tokenPattern = /^(?:Bearer|Token) +(\S+) *$/i;

export function createDoor(
  proofs: Proofs,
  { load: loadSession, start, keep, clear }: Sessions,
  originOf: (req: Request) => Origin,
): Door {
  const passport = new Passport();
  const strategy = (name: string, prove: (req: Request) => Promise<Actor>): void => {
    passport.use({
      name,
      authenticate(req: Request) {
        prove(req).then(
          (actor) => this.success(actor),
          (error: unknown) => this.error(error),
        );
      },
    });
  };
  strategy("basic", async (req) => {
    const { email, password } = basicCredentials(req);
    return proofs.basic(email, password, originOf(req));
  });
  strategy("token", async (req) => proofs.apiToken(tokenPattern.exec(req.headers.authorization ?? "")?.[1] ?? ""));
  strategy("session", async (req) => {
    const userId = req.session.passport?.user;
    return (userId === undefined ? null : await proofs.session(userId)) ?? anonymous;
  });
  passport.serializeUser((req: IncomingMessage, user: object, done: (error: unknown, id?: string) => void) => {
    const { id, way } = user as SigningIn;
    const call = req as Request;
    // The session is new here and saved right after.
    const { address, userAgent } = originOf(call);
    start(call.session);
    Object.assign(call.session, { way, address, userAgent: (userAgent ?? "").slice(0, userAgentCharsMax) });
    done(null, id);
  });

  const prove = (req: Request, res: Response, name: string): Promise<Actor> =>
    new Promise((resolve, reject) => {
      void passport.authenticate(name, { session: false }, (error: unknown, actor?: unknown) => {
        if (error !== null && error !== undefined) reject(error);
        else resolve(actor as Actor);
      })(req, res, reject);
    });

  const identify = async (req: Request, res: Response): Promise<Actor> => {
    const { authorization } = req.headers;
    if (authorization !== undefined) {
      if (basicPattern.test(authorization)) return prove(req, res, "basic");
      if (tokenPattern.test(authorization)) return prove(req, res, "token");
      fail("UNAUTHENTICATED", 'The header Authorization must be "Bearer <token>", "Token <token>" or "Basic …".');
    }
    if (!hasSessionCookie(req)) return anonymous;
    await loadSession(req, res);
    return prove(req, res, "session");
  };

  return {
    identify,
    async identifyAgain(req, res) {
      if (req.session) await promised((done) => req.session.reload(done)).catch(() => endedSession());
      return req.session ? prove(req, res, "session") : identify(req, res);
    },
    session: (req, res) => ({
      get id() {
        return req.session?.passport?.user === undefined ? null : storedSessionId(req.sessionID);
      },
      get userId() {
        return req.session?.passport?.user ?? null;
      },
      get csrfToken() {
        return req.session?.passport?.user === undefined ? null : csrfTokenOf(req.sessionID);
      },
      async signIn(userId, way) {
        if (!req.session) await loadSession(req, res);
        // Passport gives a request its logIn when it looks who calls.
        await prove(req, res, "session");
        await promised((done) => req.logIn({ id: userId, way } satisfies SigningIn, done));
        return csrfTokenOf(req.sessionID);
      },
      async signOut() {
        // Not passport's way: it puts a new session of nobody in its place.
        if (req.session) await promised((done) => req.session.destroy(done));
        clear(res);
      },
      async keepFlow(flow) {
        if (!req.session) await loadSession(req, res);
        keep(req.session, flow);
        await promised((done) => req.session.save(done));
      },
      async takeFlow() {
        if (!hasSessionCookie(req)) return null;
        if (!req.session) await loadSession(req, res);
        const { flow = null } = req.session;
        delete (req.session as Partial<typeof req.session>).flow;
        if (flow !== null) await promised((done) => req.session.save(done));
        return flow;
      },
    }),
  };
}

function endedSession(): never {
  fail("UNAUTHENTICATED", "Your session has ended. Sign in again.");
}

function basicCredentials(req: Request): { email: string; password: string } {
  const encoded = basicPattern.exec(req.headers.authorization ?? "")?.[1] ?? "";
  const [, email, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString("utf8")) ?? [];
  if (email === undefined || password === undefined) {
    throw new ProblemError("UNAUTHENTICATED", "HTTP Basic needs e-mail and password with a colon between them.");
  }
  return { email, password };
}

function promised(start: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}
