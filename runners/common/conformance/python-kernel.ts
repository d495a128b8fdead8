import { answering } from "./endings.ts";
import { trying, type Row } from "./python-code.ts";

const filter = "system call filter";

/** The kernel: namespaces, sockets, privileges, programs, limits. */
export const kernelRows: readonly Row[] = [
  {
    ...{ id: "Y15", name: "makes namespaces and mounts" },
    ...answering(
      {
        ...{ user: "EPERM", net: "EPERM", setns: "EPERM", clone: "EAGAIN", clone3: "ENOSYS" },
        ...{ mount: "EPERM", pivot: "EPERM", chroot: "EPERM" },
      },
      "refused (EPERM)",
      `${filter}; no capabilities`,
    ),
    code: trying({
      ...{ user: "call('unshare', 0x10000000)", net: "call('unshare', 0x40000000)", setns: "call('setns', 3, 0)" },
      ...{ clone: "call('syscall', 56, 0x10000011, 0, 0, 0, 0)", clone3: "call('syscall', 435, 0, 0)" },
      mount: "call('mount', b'/', b'/tmp', None, 4096, None)",
      pivot: "call('syscall', 155, b'/tmp', b'/tmp')",
      chroot: "call('chroot', b'/tmp')",
    }),
  },
  {
    ...{ id: "Y16", name: "sockets of every family, and the kernel's risky corners" },
    ...answering(
      {
        ...{ sockets: ["EPERM"], uring: "EPERM", bpf: "EPERM", perf: "EPERM", fault: "EPERM", keys: "EPERM" },
        ...{ memory: "EPERM", x32: "ENOSYS", unknown: "ENOSYS" },
      },
      "refused (EPERM, ENOSYS)",
      filter,
    ),
    code: trying({
      sockets: "sorted({attempt(socket.socket, family, kind) for family in range(1, 46) for kind in (1, 2, 3)})",
      ...{ uring: "call('syscall', 425, 8, 0)", bpf: "call('syscall', 321, 0, 0, 0)" },
      ...{ perf: "call('syscall', 298, 0, 0, 0, 0, 0)", fault: "call('syscall', 323, 0)" },
      ...{ keys: "call('syscall', 250, 0, 0)", memory: "call('memfd_create', b'x', 0)" },
      ...{ x32: "call('syscall', 0x40000000 + 39)", unknown: "call('syscall', 1000)" },
    }),
  },
  {
    ...{ id: "Y18", name: "becomes root, by call, by program or by capability" },
    ...answering(
      {
        ...{ uid: "EINVAL", id: 65534, isRoot: false, dumpable: "done", noNewPrivileges: 1 },
        ...{ capabilities: 0, bounding: [], noSuid: true },
      },
      "cannot: nobody else to become",
      "user namespace with one user, no capabilities, no new privileges",
    ),
    behindLandlock: {
      because: "there are other users, though none to become; file systems are those of the machine",
      result: { uid: "EPERM", isRoot: false, capabilities: 0, dumpable: "done", noNewPrivileges: 1 },
      ignored: ["id", "bounding", "noSuid"],
    },
    code: trying({
      ...{ uid: "attempt(os.setuid, 0)", id: "os.getuid()", dumpable: "call('prctl', 4, 1, 0, 0, 0)" },
      isRoot: "0 in os.getresuid() + os.getresgid()",
      capabilities:
        "(lambda held: libc.capget((ctypes.c_uint32 * 2)(0x20080522, 0), held) or sum(held))((ctypes.c_uint32 * 6)())",
      noNewPrivileges: "libc.prctl(39, 0, 0, 0, 0)",
      bounding: "[one for one in range(41) if libc.prctl(23, one, 0, 0, 0) == 1]",
      noSuid: "bool(os.statvfs('/usr').f_flag & os.ST_NOSUID)",
    }),
  },
  {
    ...{ id: "Y19", name: "types into the terminal; outlives its parent" },
    ...answering({ type: "EPERM", outlive: "EPERM" }, "refused (EPERM)", filter),
    code: trying({ type: "call('ioctl', 0, 0x5412, b'x')", outlive: "call('prctl', 1, 0, 0, 0, 0)" }),
  },
  {
    ...{ id: "Y32", name: "starts programs" },
    ...answering(
      { shell: "EAGAIN", exec: "EPERM", process: "EAGAIN", asyncio: true },
      "none starts",
      `number of processes; ${filter}`,
    ),
    code: trying(
      {
        shell: "attempt(subprocess.run, ['/bin/sh', '-c', 'id'])",
        exec: "attempt(os.execv, '/usr/bin/python3.11', ['python3'])",
        process: "attempt(multiprocessing.get_context('fork').Process(target=print).start)",
        asyncio: "attempt(asyncio.run, asyncio.create_subprocess_exec('/bin/sh')) in ('EAGAIN', 'EPERM')",
      },
      "import asyncio, multiprocessing, subprocess",
    ),
  },
  {
    ...{ id: "Y34", name: "memory and sockets shared between sources" },
    ...answering(
      { sysv: "EPERM", posix: "EPERM", file: "ENOENT", abstract: "EPERM" },
      "refused (EPERM, ENOENT)",
      `${filter}; name spaces of its own`,
    ),
    behindLandlock: {
      because: "/dev/shm is there, and nothing in it can be opened",
      result: { sysv: "EPERM", posix: "EPERM", file: "EACCES", abstract: "EPERM" },
    },
    code: trying({
      sysv: "call('shmget', 1, 4096, 0o1600)",
      posix: "call('mq_open', b'/x', 66, 0o600, 0)",
      file: "attempt(open, '/dev/shm/x', 'w')",
      abstract: "attempt(lambda: socket.socket(socket.AF_UNIX).bind('\\0left'))",
    }),
  },
  {
    ...{ id: "Y35", name: "raises its limits" },
    ...answering(
      { memory: "ValueError", cpu: "ValueError", other: "EPERM", nice: "EPERM", realtime: "EPERM" },
      "refused (EPERM)",
      `limits are hard; ${filter}`,
    ),
    code: trying(
      {
        memory: "attempt(resource.setrlimit, resource.RLIMIT_AS, (-1, -1))",
        cpu: "attempt(resource.setrlimit, resource.RLIMIT_CPU, (1000, 1000))",
        other: "attempt(resource.prlimit, 1, resource.RLIMIT_NOFILE, (1, 1))",
        nice: "attempt(os.nice, -5)",
        realtime: "attempt(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1))",
      },
      "import resource",
    ),
  },
];
