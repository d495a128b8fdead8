import { assembleSeccomp, type SeccompRule } from "./seccomp-assembler.ts";
import { notPermitted, sandboxRules, schedulingRules, singleProcessRules } from "./seccomp-filter.ts";
import type { FenceArch, SystemCall } from "./system-calls.ts";

// Landlock decides on opening, not on these: without them a program could change the runner's own files, or watch other people's.
const attributes: readonly SystemCall[] = [
  ...(["chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat"] as const),
  ...(["setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr"] as const),
  ...(["utime", "utimes", "utimensat", "futimesat", "inotify_init", "inotify_init1", "inotify_add_watch"] as const),
];

const landlockRules: readonly SeccompRule[] = [
  ...attributes.map((call) => ({ call, action: notPermitted })),
  ...schedulingRules,
  // F_SETOWN, F_SETOWN_EX, F_SETLEASE, F_NOTIFY; FIOSETOWN, SIOCSPGRP: the kernel would send signals to others in their name.
  {
    call: "fcntl",
    action: notPermitted,
    whenAny: [8, 15, 1024, 1026].map((value) => ({ argument: 1, is: "equal", value })),
  },
  {
    call: "ioctl",
    action: notPermitted,
    whenAny: [0x8901, 0x8902].map((value) => ({ argument: 1, is: "equal", value })),
  },
  ...sandboxRules,
];

/**
 * The filters where no namespace helps: everything that the one of bubblewrap refuses, and what Landlock leaves open. `forking` is for
 * programs that make processes and signal them, `single` for all others; it holds `ownPidPlaceholder`.
 */
export function landlockSeccompFilters(arch: FenceArch): { readonly forking: Buffer; readonly single: Buffer } {
  return {
    forking: assembleSeccomp(landlockRules, arch),
    single: assembleSeccomp([...singleProcessRules, ...landlockRules], arch),
  };
}
