import type { Staging } from "./staging.ts";

/** Limits of a fenced program. All but `addressSpaceBytes` and `cpuSeconds` are required, so that nobody forgets one. */
export interface FenceLimits {
  /** Of each process (RLIMIT_AS). */
  readonly addressSpaceBytes?: number;
  /** Of each process, over its whole life (RLIMIT_CPU); then SIGKILL. */
  readonly cpuSeconds?: number;
  /** Processes and threads together (RLIMIT_NPROC), counted for this sandbox alone on Linux 5.14 or newer. */
  readonly processes?: number;
  readonly openFiles: number;
  /** Size of one file (RLIMIT_FSIZE). */
  readonly fileBytes: number;
}

export interface FenceSpec {
  /** Paths as they are inside. */
  readonly command: readonly string[];
  /** Files and folders that are visible inside, read-only. */
  readonly readOnlyPaths: readonly { readonly host: string; readonly inside: string }[];
  /** Size of the private /tmp; 0: there is none. Behind Landlock, where no kernel holds it, only that of each file in it. */
  readonly tmpBytes: number;
  readonly limits: FenceLimits;
  /** On top of PATH, LANG, HOME and TMPDIR. Nothing of the runner's own environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** It makes processes of its own, and signals them; it runs no user code itself. Behind Landlock all others may do neither. */
  readonly forks?: true;
}

/** What keeps user code in. `close` removes temporary copies; children have to be stopped before. */
export type Fence =
  | {
      readonly kind: "bubblewrap";
      readonly bubblewrapPath: string;
      readonly seccompFilter: Buffer;
      /** Sets the limits inside, where the number of processes is counted for the sandbox alone. */
      readonly prlimit: { readonly path: string; readonly loader: string; readonly libraries: readonly string[] };
      /** Unprivileged user and group outside, when the runner is root: limits on processes do not hold for root. */
      readonly dropTo: number | undefined;
      /** False where /proc/sys is read-only (containers); the system call filter then stands alone against it. */
      readonly disableUserns: boolean;
      readonly staging: Staging | undefined;
      /** Descriptors that must not reach a child. */
      readonly inherited: readonly number[];
      readonly close: () => void;
    }
  | {
      /** The weaker tier, for machines where bubblewrap can make no namespaces. */
      readonly kind: "landlock";
      /** Of the kernel; see `landlockAbiMin`. */
      readonly abi: number;
      /** Why there is no bubblewrap; undefined where this tier was asked for. */
      readonly because: string | undefined;
      /** Runs the launcher, which calls what Node cannot. */
      readonly pythonPath: string;
      readonly launcherPath: string;
      /** For programs that make processes, and for all others. */
      readonly seccompFilters: { readonly forking: Buffer; readonly single: Buffer };
      /** Gives each sandbox a user id of its own, when the runner is root. */
      readonly takeUserId: (() => number) | undefined;
      readonly staging: Staging | undefined;
      readonly inherited: readonly number[];
      readonly close: () => void;
    }
  | { readonly kind: "off"; readonly inherited: readonly number[]; readonly close: () => void };
