import type { Pap, Role, Scope, Tlp } from "@assay/contract";
import type { Logger } from "@assay/process";
import type { Database } from "./db/database.ts";

export interface ActorUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly createdAt: Date;
}

/** A user in person. */
export interface UserActor {
  readonly type: "user";
  readonly user: ActorUser;
  readonly scopes: ReadonlySet<Scope>;
  readonly via: "session" | "basic";
}

/** A program that a user gave a token. */
export interface ApiTokenActor {
  readonly type: "apiToken";
  readonly user: ActorUser;
  readonly tokenId: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly markings: TokenMarkings;
}

/** What a token says of the markings of lookups. */
export interface TokenMarkings {
  /** Of lookups that do not say; null: the server's. */
  readonly tlp: Tlp | null;
  readonly pap: Pap | null;
  /** It neither starts nor reads lookups above this; null: no bound. */
  readonly maxTlp: Tlp | null;
}

/** Who acts. */
export type Actor = { readonly type: "anonymous" } | UserActor | ApiTokenActor | { readonly type: "system" };

export interface Clock {
  now(): Date;
}
export const systemClock: Clock = { now: () => new Date() };

/** Where a call came from. */
export interface Origin {
  /** IP address of the caller. */
  readonly address: string;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}

/** What every verb is given beside its input. */
export interface Context {
  readonly db: Database;
  readonly actor: Actor;
  readonly clock: Clock;
  readonly log: Logger;
  /** null: no call, but background work or the start. */
  readonly origin: Origin | null;
  /** Aborts when the caller is gone or the process stops. */
  readonly signal: AbortSignal;
}
