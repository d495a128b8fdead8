import type { CacheKey } from "./cache-key.ts";
import type { CachedAnswer } from "./cached-answer.ts";

/** What is cleared: all, all of a source, or what single sources said of single indicators. */
export type ClearScope =
  | { readonly all: true }
  | { readonly sourceId: string }
  | { readonly keys: readonly CacheKey[] };

export interface Reading {
  readonly answer: CachedAnswer | null;
  /** Changes with every clearing; what is written under an old one is never read. */
  readonly generation: string;
}

/** Until when an answer is fresh, and until when it is given at all. */
export type Expiry = Pick<CachedAnswer, "expiresAtMs" | "goneAtMs">;

export interface StoredAnswer {
  readonly sourceId: string;
  readonly digest: string;
  readonly answer: CachedAnswer;
}

/** Where a page of the list goes on. */
export interface ListPosition {
  readonly sourceId: string;
  readonly goneAtMs: number;
  readonly digest: string;
}

/**
 * Keeps answers, in this process or in Redis. Every method but `read` and `expiries` rejects while the store cannot be reached.
 * Whether an answer is too old is for the reader to say; a store forgets on its own what is gone.
 */
export interface AnswerStore {
  readonly driver: "memory" | "redis";
  /** Why it cannot be used now; null: it can. */
  trouble(): string | null;
  /** The readings in the order of the keys, in one round trip; null: it cannot be reached. */
  read(keys: readonly CacheKey[]): Promise<readonly Reading[] | null>;
  /**
   * Of each key until when its answer is kept, null where there is none, in the order of the keys; null: it cannot be reached. One round trip
   * that fetches a few hundred bytes of each answer, however long it is, and keeps none from leaving.
   */
  expiries(keys: readonly CacheKey[]): Promise<readonly (Expiry | null)[] | null>;
  /** False: it is not kept, as there is something better than a failure, or was a clearing since the generation was read. */
  write(key: CacheKey, answer: CachedAnswer, generation: string): Promise<boolean>;
  /** Returns how many answers are gone. From then on no node of the store gives them. */
  clear(scope: ClearScope, nowMs: number): Promise<number>;
  /** Source by source in the order given, those that stay longest first. */
  list(
    sourceIds: readonly string[],
    after: ListPosition | null,
    limit: number,
    nowMs: number,
  ): Promise<readonly StoredAnswer[]>;
  /** How many answers each source has. */
  counts(nowMs: number): Promise<ReadonlyMap<string, number>>;
  usage(): Promise<{ readonly usedBytes: number | null; readonly usedBytesMax: number | null }>;
}
