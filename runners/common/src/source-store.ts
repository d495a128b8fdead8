export interface SourceStore {
  get(codeHash: string): string | undefined;
  put(sourceId: string, codeHash: string, code: string): void;
  /** The code as soon as somebody puts it; undefined when the signal fires first. */
  wait(codeHash: string, signal: AbortSignal): Promise<string | undefined>;
  /** Forgets what only this source has. */
  delete(sourceId: string): void;
}

interface Entry {
  readonly code: string;
  readonly sourceIds: Set<string>;
}

/** Keeps code by its hash, the least recently used dropped when all together are longer than `charsMax`. */
export function createSourceStore(charsMax: number): SourceStore {
  // In the order of use, the least recent first.
  const entries = new Map<string, Entry>();
  const waiting = new Map<string, Set<(code: string) => void>>();
  let chars = 0;

  function drop(codeHash: string, entry: Entry): void {
    entries.delete(codeHash);
    chars -= entry.code.length;
  }

  return {
    get(codeHash) {
      const entry = entries.get(codeHash);
      if (entry === undefined) return undefined;
      entries.delete(codeHash);
      entries.set(codeHash, entry);
      return entry.code;
    },
    put(sourceId, codeHash, code) {
      const known = entries.get(codeHash);
      if (known !== undefined) known.sourceIds.add(sourceId);
      else {
        entries.set(codeHash, { code, sourceIds: new Set([sourceId]) });
        chars += code.length;
      }
      for (const [oldHash, old] of entries) {
        if (chars <= charsMax || oldHash === codeHash) break;
        drop(oldHash, old);
      }
      for (const tell of waiting.get(codeHash) ?? []) tell(code);
      waiting.delete(codeHash);
    },
    wait(codeHash, signal) {
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      const tellers = waiting.get(codeHash) ?? new Set();
      waiting.set(codeHash, tellers.add(resolve));
      const giveUp = (): void => {
        tellers.delete(resolve);
        if (tellers.size === 0) waiting.delete(codeHash);
        resolve(undefined);
      };
      if (signal.aborted) giveUp();
      else signal.addEventListener("abort", giveUp, { once: true });
      return promise.finally(() => signal.removeEventListener("abort", giveUp));
    },
    delete(sourceId) {
      for (const [codeHash, entry] of entries) {
        if (entry.sourceIds.delete(sourceId) && entry.sourceIds.size === 0) drop(codeHash, entry);
      }
    },
  };
}
