import { assembleSeccomp, type SeccompRule } from "./seccomp-assembler.ts";
import type { FenceArch, SystemCall } from "./system-calls.ts";

export const notPermitted = { errno: 1 } as const;
const tryAgain = { errno: 11 } as const;
const notImplemented = { errno: 38 } as const;

// The channel is inherited, so nothing inside needs to make or open a socket.
const sockets: readonly SystemCall[] = ["socket", "connect", "bind", "listen", "accept", "accept4"];

const otherProcesses: readonly SystemCall[] = [
  ...(["ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd"] as const),
  ...(["process_madvise", "process_mrelease", "sched_setattr", "sched_setparam", "sched_setscheduler"] as const),
  ...(["ioprio_set", "migrate_pages", "move_pages"] as const),
];

const namespacesAndMounts: readonly SystemCall[] = [
  ...(["unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "fsopen", "fsconfig", "fsmount"] as const),
  ...(["fspick", "move_mount", "open_tree", "mount_setattr", "mknod", "mknodat"] as const),
  ...(["name_to_handle_at", "open_by_handle_at", "sethostname", "setdomainname"] as const),
];

// io_uring makes sockets without socket(); the others are where the kernel's privilege bugs have been.
const kernelSurface: readonly SystemCall[] = [
  ...(["io_uring_setup", "io_uring_enter", "io_uring_register", "io_setup", "bpf", "perf_event_open"] as const),
  ...(["userfaultfd", "add_key", "request_key", "keyctl", "memfd_create", "memfd_secret"] as const),
  ...(["fanotify_init", "fanotify_mark", "quotactl", "quotactl_fd", "lookup_dcookie", "nfsservctl"] as const),
  ...(["mbind", "set_mempolicy", "set_mempolicy_home_node", "get_mempolicy", "personality", "syslog"] as const),
  ...(["modify_ldt", "iopl", "ioperm", "uselib", "ustat", "sysfs", "vhangup", "acct"] as const),
];

const sharedBetweenProcesses: readonly SystemCall[] = [
  ...(["shmget", "shmat", "shmctl", "semget", "semop", "semtimedop", "semctl"] as const),
  ...(["msgget", "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink"] as const),
];

const machine: readonly SystemCall[] = [
  ...(["init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot"] as const),
  ...(["swapon", "swapoff", "settimeofday", "adjtimex", "clock_adjtime", "clock_settime"] as const),
];

// CLONE_NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET of <linux/sched.h>.
const cloneNamespaces = 0x7e020080;
const cloneThread = 0x00010000;
const familyUnix = 1;

const denied = [
  ...sockets,
  ...otherProcesses,
  ...namespacesAndMounts,
  ...kernelSurface,
  ...sharedBetweenProcesses,
  ...machine,
];

/** Of every sandbox, whatever its tier. */
export const sandboxRules: readonly SeccompRule[] = [
  ...denied.map((call) => ({ call, action: notPermitted })),
  // glibc falls back to clone, whose flags a filter can read.
  { call: "clone3", action: notImplemented },
  { call: "clone", action: notPermitted, whenAny: [{ argument: 0, is: "anyBitOf", value: cloneNamespaces }] },
  { call: "socketpair", action: "allow", whenAny: [{ argument: 0, is: "equal", value: familyUnix }] },
  { call: "socketpair", action: notPermitted },
  {
    call: "ioctl",
    action: notPermitted,
    // TIOCSTI types into the terminal, TIOCLINUX pastes into a console, TIOCSETD loads line disciplines.
    whenAny: [0x5412, 0x541c, 0x5423].map((value) => ({ argument: 1, is: "equal", value })),
  },
  {
    call: "prctl",
    action: notPermitted,
    // PR_SET_PDEATHSIG: the child must die with its parent. PR_SET_MM: nobody needs it.
    whenAny: [1, 35].map((value) => ({ argument: 0, is: "equal", value })),
  },
  // Its own limits (pid 0) only; the kernel lets it lower, not raise them.
  { call: "prlimit64", action: "allow", whenAny: [{ argument: 0, is: "equal", value: 0 }] },
  { call: "prlimit64", action: notPermitted },
];

/** Stands in the leaf filter for the process's own id; whoever installs the filter replaces these four bytes (little-endian). */
export const ownPidPlaceholder = 0x7a5a5a7a;

const ownPid = { argument: 0, is: "equal", value: ownPidPlaceholder } as const;

/** Threads, yes; processes, and signals to others, no: a stopped neighbour would look alive and never answer. */
export const singleProcessRules: readonly SeccompRule[] = [
  { call: "clone3", action: notImplemented },
  { call: "clone", action: tryAgain, whenAny: [{ argument: 0, is: "noBitOf", value: cloneThread }] },
  ...(["fork", "vfork"] as const).map((call) => ({ call, action: tryAgain })),
  { call: "kill", action: "allow", whenAny: [ownPid] },
  { call: "tgkill", action: "allow", whenAny: [ownPid] },
  ...(["kill", "tgkill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"] as const).map((call) => ({
    call,
    action: notPermitted,
  })),
  ...(["pidfd_open", "pidfd_send_signal"] as const).map((call) => ({ call, action: notPermitted })),
];

/** How the kernel shares the processor out is not for a program to change but for itself. */
export const schedulingRules: readonly SeccompRule[] = [
  { call: "sched_setaffinity", action: "allow", whenAny: [{ argument: 0, is: "equal", value: 0 }] },
  ...(["setpriority", "sched_setaffinity"] as const).map((call) => ({ call, action: notPermitted })),
];

const leafRules: readonly SeccompRule[] = [
  ...singleProcessRules,
  ...schedulingRules,
  ...(["execve", "execveat", "setsid", "setpgid"] as const).map((call) => ({ call, action: notPermitted })),
];

/** The filter of every sandbox: no sockets, no namespaces or mounts, no look into other processes, no risky kernel surface. */
export function sandboxSeccompFilter(arch: FenceArch): Buffer {
  return assembleSeccomp(sandboxRules, arch);
}

/** For a process inside a sandbox that is to stay one process: threads, yes; fork, exec, a session of its own, signals to others, no. */
export function leafSeccompFilter(arch: FenceArch): Buffer {
  return assembleSeccomp(leafRules, arch);
}
