import type { CodeUnit, Efforts, Fence, FenceSpec } from "@assay/runner-common";
import { startHost, type HostProcess } from "./host-process.ts";

export interface HostPool {
  /** Resolves when every host can take calls; rejects when they cannot be started. */
  readonly ready: Promise<void>;
  /**
   * A host for a call: of a heavy source the one for these; else the least busy one that can take calls at once, and of those one that
   * has the code. `avoid` is not taken if there is another.
   */
  pick(unit: CodeUnit, avoid?: HostProcess): HostProcess;
  /** A host on which nothing else runs, for the repetition of a call that may have crashed its host. */
  withAlone<Result>(unit: CodeUnit, use: (host: HostProcess) => Promise<Result>): Promise<Result>;
  forget(sourceId: string): void;
  close(): Promise<void>;
}

export interface HostPoolOptions {
  readonly fence: Fence;
  readonly spec: FenceSpec;
  readonly processes: number;
  readonly efforts: Efforts;
  /** Told what a host that ended by itself said last; for the operator. */
  readonly onComplaint: (stderr: string) => void;
}

/** Processes at a time for calls that may have crashed their host. */
const aloneMax = 4;
const restartDelayMaxMs = 5_000;

/**
 * Keeps `processes` hosts at work and one warm beside them, which takes over at once when one is lost; and one more at a lower priority
 * for sources that compute so much that others would feel it. A host in which such a one turns up gets no more calls.
 */
export function openHostPool({ fence, spec, processes, efforts, onComplaint }: HostPoolOptions): HostPool {
  const active = new Set<HostProcess>();
  const all = new Set<HostProcess>();
  let spare: HostProcess | undefined;
  let low: HostProcess | undefined;
  let isClosed = false;
  let failuresInRow = 0;
  let alone = 0;
  const waitingAlone: (() => void)[] = [];

  function start(isLow = false): HostProcess {
    const host: HostProcess = startHost({
      ...{ fence, spec, isLow, efforts },
      onHeavy() {
        if (!active.has(host)) return;
        host.demote();
        replace(host);
      },
      onExit(stderr) {
        all.delete(host);
        if (isClosed) return;
        if (stderr !== "") onComplaint(stderr);
        replace(host);
      },
      onIdleWorn: () => host.kill(),
    });
    all.add(host);
    // A call that lost its host just then still asks for another.
    if (isClosed) host.kill();
    host.ready.then(
      () => (failuresInRow = 0),
      () => (failuresInRow += 1),
    );
    return host;
  }

  function fillIdle(): void {
    if (isClosed || (spare !== undefined && low !== undefined)) return;
    // A host that cannot start must not be started in a tight loop.
    const delayMs = failuresInRow === 0 ? 0 : Math.min(restartDelayMaxMs, 100 * 2 ** failuresInRow);
    setTimeout(() => {
      if (isClosed) return;
      spare ??= start();
      low ??= start(true);
    }, delayMs).unref();
  }

  function replace(host: HostProcess): void {
    if (spare === host) spare = undefined;
    if (low === host) low = undefined;
    if (active.delete(host)) {
      active.add(spare ?? start());
      spare = undefined;
    }
    fillIdle();
  }

  function lowHost(): HostProcess {
    if (low !== undefined && (low.isGone() || low.isWorn())) replace(low);
    return (low ??= start(true));
  }

  function usable(): HostProcess[] {
    for (const host of [...active]) if (host.isGone() || host.isWorn()) replace(host);
    return [...active];
  }

  for (let count = 0; count < processes; count += 1) active.add(start());
  spare = start();
  low = start(true);

  return {
    ready: Promise.all([...all].map((host) => host.ready)).then(() => undefined),
    pick(unit, avoid) {
      if (efforts.isHeavy(unit.sourceId)) return lowHost();
      const hosts = usable();
      // Should it turn out to be hostile, it has one host and not all of them.
      const first = efforts.isNew(unit.sourceId) ? hosts.find((host) => host.isAtWorkFor(unit.sourceId)) : undefined;
      if (first !== undefined && first !== avoid) return first;
      const others = hosts.filter((host) => host !== avoid);
      const [best] = (others.length > 0 ? others : hosts).sort(
        (a, b) =>
          Number(b.isReady()) - Number(a.isReady()) ||
          a.callCount() - b.callCount() ||
          Number(b.has(unit)) - Number(a.has(unit)),
      );
      if (best === undefined) throw new Error("The pool has no host.");
      return best;
    },
    async withAlone({ sourceId }, use) {
      if (alone >= aloneMax) await new Promise<void>((resolve) => waitingAlone.push(resolve));
      alone += 1;
      const host = start(efforts.isHeavy(sourceId));
      try {
        return await use(host);
      } finally {
        host.kill();
        alone -= 1;
        waitingAlone.shift()?.();
      }
    },
    forget(sourceId) {
      for (const host of all) host.forget(sourceId);
    },
    async close() {
      isClosed = true;
      for (const host of all) host.kill();
      while (all.size > 0) await Promise.all([...all].map((host) => host.exited));
    },
  };
}
