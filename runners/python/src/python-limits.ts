const mebibyte = 1024 * 1024;

/** Limits of the sandboxes, each of one source. */
export const pythonLimits = {
  /** Of each process. An interpreter with OpenSSL takes 60 MiB before it works; the calls of one source under way add up. */
  addressSpaceBytes: 320 * mebibyte,
  /** Of one call, loading of the source included. */
  cpuSecondsMax: 10,
  /** Processes and threads of all calls of one source under way. */
  processes: 64,
  openFiles: 64,
  tmpBytes: 16 * mebibyte,
  /** Frames of a child: a request with its body is the largest. */
  frameBytesMax: 8 * mebibyte,
  /** Calls of one source at once; more wait. The zygote keeps at most twelve children, spare ones included. */
  callsAtOnceMax: 8,
  /** From start of the sandbox, or from a call without a waiting child, to a loaded source. */
  loadTimeoutMs: 10_000,
  /** From the word to stop to the end of the whole sandbox. */
  stopGraceMs: 300,
  /** The same of a sandbox that runs behind others; the answer has been given before. */
  lowStopGraceMs: 5_000,
  /** Sources kept warm; the least used one goes first. */
  warmSourcesMax: 64,
  idleMs: 10 * 60_000,
} as const;

export type PythonLimits = { readonly [Name in keyof typeof pythonLimits]: number };
