import { createHash, timingSafeEqual } from "node:crypto";
import type { Request } from "express";
import type { Actor } from "../context.ts";
import { fail } from "../problem-error.ts";
import { csrfTokenOf } from "./session-id.ts";

const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * Refuses calls that another site made in the name of someone who is signed in here. Only sessions are at risk: tokens and
 * passwords are not sent by a browser on its own.
 * @throws ProblemError CSRF
 */
export function checkCsrf(actor: Actor, req: Request): void {
  if (actor.type !== "user" || actor.via !== "session") return;
  // A GET can start a lookup; a lax cookie goes along when another site's link is followed, and always from a host of the same domain.
  const from = req.headers["sec-fetch-site"];
  if (from === "cross-site" || from === "same-site") {
    fail("CSRF", "The call comes from another site. Open Assay itself and do it there.");
  }
  if (safeMethods.has(req.method)) return;
  const given = req.headers["x-csrf-token"];
  if (typeof given !== "string" || !equal(given, csrfTokenOf(req.sessionID))) {
    fail("CSRF", "The header X-CSRF-Token is missing or not that of this session; GET /api/v1/auth/me tells it.");
  }
}

/** Compares in a time that tells nothing; hashing makes the lengths equal. */
function equal(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
