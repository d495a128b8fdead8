import { attempts, returned, source, trying, type Attack } from "./attack.ts";

/** What lies outside: files, environment, other processes, the kernel, the network. */
export const escape: readonly Attack[] = [
  {
    ...{
      id: "Y10",
      attack: "writes to the system and to the runner",
      expect: returned({ root: true, usr: true, runner: true }),
    },
    code: trying({
      root: "refused(open, '/x', 'w')",
      usr: "refused(open, '/usr/lib/python3.11/os.py', 'a')",
      runner: "refused(open, '/runner/assay_sandbox/zygote.py', 'a')",
    }),
  },
  {
    id: "Y11",
    attack: "reads what is the host's",
    code: trying({
      ...{ passwd: "attempt(open, '/etc/passwd')", environ: "attempt(open, '/proc/1/environ')" },
      ...{
        maps: "attempt(open, '/proc/self/maps')",
        sys: "attempt(os.listdir, '/sys')",
        home: "attempt(os.listdir, '/root')",
      },
      root: "sorted(os.listdir('/'))",
    }),
    expect: returned({
      ...{ passwd: "ENOENT", environ: "ENOENT", maps: "ENOENT", sys: "ENOENT", home: "ENOENT" },
      root: [".fence", "dev", "lib", "lib64", "runner", "tmp", "usr"],
    }),
  },
  {
    id: "Y12",
    attack: "looks for secrets in the environment and in descriptors",
    code: trying({
      environment: "sorted(os.environ)",
      open: "[fd for fd in range(1024) if attempt(os.fstat, fd) == 'done']",
    }),
    expect: returned({
      environment: ["HOME", "LANG", "MALLOC_ARENA_MAX", "PATH", "PWD", "TMPDIR"],
      open: [0, 1, 2, 3],
    }),
  },
  {
    ...{ id: "Y13", attack: "kills and stops everything it can see" },
    code: source(
      `seen = set()
for number in (2, 9, 15, 19):
    for pid in (-1, 1, 2, 3, 4, 5):
        if pid != os.getpid(): seen.add(attempt(os.kill, pid, number))
for pid in range(1, 9):
    if pid != os.getpid(): seen.add(call("tgkill", pid, pid, 19)); seen.add(call("syscall", 200, pid, 19)); seen.add(call("setpriority", 0, pid, 19))
return sorted(seen)`,
      attempts,
    ),
    expect: returned(["EPERM"]),
  },
  {
    id: "Y14",
    attack: "looks into other processes",
    code: trying({
      ptrace: "call('ptrace', 16, 1, 0, 0)",
      read: "call('process_vm_readv', 1, 0, 0, 0, 0, 0)",
      fd: "call('syscall', 438, 3, 3, 0)",
    }),
    expect: returned({ ptrace: "EPERM", read: "EPERM", fd: "EPERM" }),
  },
  {
    id: "Y15",
    attack: "makes namespaces and mounts",
    code: trying({
      ...{ user: "call('unshare', 0x10000000)", net: "call('unshare', 0x40000000)", setns: "call('setns', 3, 0)" },
      ...{ clone: "call('syscall', 56, 0x10000011, 0, 0, 0, 0)", clone3: "call('syscall', 435, 0, 0)" },
      ...{ mount: "call('mount', b'/', b'/tmp', None, 4096, None)", chroot: "call('chroot', b'/tmp')" },
    }),
    expect: returned({
      ...{
        user: "EPERM",
        net: "EPERM",
        setns: "EPERM",
        clone: "EAGAIN",
        clone3: "ENOSYS",
        mount: "EPERM",
        chroot: "EPERM",
      },
    }),
  },
  {
    id: "Y16",
    attack: "sockets of every family, and the kernel's risky corners",
    code: trying({
      sockets: "sorted({attempt(socket.socket, family, kind) for family in range(1, 46) for kind in (1, 2, 3)})",
      ...{
        uring: "call('syscall', 425, 8, 0)",
        bpf: "call('syscall', 321, 0, 0, 0)",
        perf: "call('syscall', 298, 0, 0, 0, 0, 0)",
      },
      ...{
        fault: "call('syscall', 323, 0)",
        keys: "call('syscall', 250, 0, 0)",
        memory: "call('memfd_create', b'x', 0)",
      },
      ...{ x32: "call('syscall', 0x40000000 + 39)", unknown: "call('syscall', 1000)" },
    }),
    expect: returned({
      sockets: ["EPERM"],
      ...{
        uring: "EPERM",
        bpf: "EPERM",
        perf: "EPERM",
        fault: "EPERM",
        keys: "EPERM",
        memory: "EPERM",
        x32: "ENOSYS",
        unknown: "ENOSYS",
      },
    }),
  },
  {
    ...{ id: "Y17", attack: "links that lead the cleaning astray", expect: returned("linked") },
    code: source(
      `os.symlink("/runner/assay_sandbox", "/tmp/runner")
os.makedirs("/tmp/a/b")
os.symlink("/tmp/a", "/tmp/a/b/loop")
os.chmod("/tmp/a", 0)
return "linked"`,
      "import os",
    ),
  },
  {
    ...{ id: "Y17b", attack: "folders too deep to be cleaned", expect: returned("deep") },
    code: source(`for n in range(300):\n    os.mkdir("d")\n    os.chdir("d")\nreturn "deep"`, "import os"),
  },
  {
    ...{ id: "Y18", attack: "becomes root", expect: returned({ uid: "EINVAL", id: 65534, dumpable: "done" }) },
    code: trying({ uid: "attempt(os.setuid, 0)", id: "os.getuid()", dumpable: "call('prctl', 4, 1, 0, 0, 0)" }),
  },
  {
    ...{
      id: "Y19",
      attack: "types into the terminal; outlives its parent",
      expect: returned({ type: "EPERM", outlive: "EPERM" }),
    },
    code: trying({ type: "call('ioctl', 0, 0x5412, b'x')", outlive: "call('prctl', 1, 0, 0, 0, 0)" }),
  },
  {
    ...{ id: "Y32", attack: "starts programs", expect: returned({ shell: "EAGAIN", exec: "EPERM" }) },
    code: trying(
      {
        shell: "attempt(subprocess.run, ['/bin/sh', '-c', 'id'])",
        exec: "attempt(os.execv, '/usr/bin/python3.11', ['python3'])",
      },
      "import subprocess",
    ),
  },
  {
    ...{
      id: "Y34",
      attack: "memory shared between processes",
      expect: returned({ sysv: "EPERM", posix: "EPERM", file: "ENOENT" }),
    },
    code: trying({
      sysv: "call('shmget', 1, 4096, 0o1600)",
      posix: "call('mq_open', b'/x', 66, 0o600, 0)",
      file: "attempt(open, '/dev/shm/x', 'w')",
    }),
  },
  {
    id: "Y35",
    attack: "raises its limits",
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
    expect: returned({ memory: "ValueError", cpu: "ValueError", other: "EPERM", nice: "EPERM", realtime: "EPERM" }),
  },
];
