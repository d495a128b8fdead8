/** Processor time of this process's main thread so far, in milliseconds. */
export declare const ownMs: () => number;

/** Divides processor time among accounts; `readMs` tells how much there has been so far. */
export declare function createCpuMeter(readMs?: () => number): {
  /** Brings the accounts up to date. */
  readonly settle: () => void;
  readonly enter: (account: { cpuMs: number }) => void;
  readonly leave: (account: { cpuMs: number }) => void;
};
