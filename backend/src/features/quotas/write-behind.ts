/** Writes the latest value of each subject, one after the other. What could not be written stays, and is tried again. */
export interface WriteBehind<Value> {
  /** Not yet written: one value of each subject, however long nothing can be. */
  readonly pending: ReadonlyMap<string, Value>;
  set(subject: string, value: Value): void;
  /** It is not to be written any more. */
  drop(subject: string): void;
  /** Writes at once; resolves when all is written, or something could not be. */
  flush(): Promise<void>;
  /** Tries for the last time. */
  close(): Promise<void>;
}

export interface WriteBehindOptions<Value> {
  readonly write: (subject: string, value: Value) => Promise<void>;
  readonly delayMs: number;
  /** Told once of a time in which something cannot be written. */
  readonly onFailure: (err: unknown) => void;
}

const retryMs = 2000;

export function createWriteBehind<Value>({ write, delayMs, onFailure }: WriteBehindOptions<Value>): WriteBehind<Value> {
  const pending = new Map<string, Value>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let isFailing = false;
  let isClosed = false;

  const wake = (): void => {
    if (!isClosed) timer ??= setTimeout(() => void flush(), isFailing ? retryMs : delayMs).unref();
  };
  const writeAll = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    for (const subject of [...pending.keys()]) {
      const value = pending.get(subject);
      if (value === undefined) continue;
      try {
        await write(subject, value);
        if (pending.get(subject) === value) pending.delete(subject);
      } catch (err) {
        if (!isFailing) onFailure(err);
        isFailing = true;
        moveBehind(subject);
        return wake();
      }
    }
    isFailing = false;
  };
  /** One that can never be written must not keep the others out. */
  const moveBehind = (subject: string): void => {
    const value = pending.get(subject);
    if (value !== undefined && pending.delete(subject)) pending.set(subject, value);
  };
  const flush = (): Promise<void> => (writing = writing.then(writeAll));
  return {
    pending,
    set(subject, value) {
      pending.set(subject, value);
      wake();
    },
    drop: (subject) => void pending.delete(subject),
    flush,
    async close() {
      isClosed = true;
      await flush();
    },
  };
}
