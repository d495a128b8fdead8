import { answering } from "./endings.ts";
import { attempts, source, trying, type Row } from "./python-code.ts";

const minimal = "file system of its own: the interpreter, read-only, and an empty /tmp";

/** What lies outside: files, environment, other processes. */
export const escapeRows: readonly Row[] = [
  {
    ...{ id: "Y10", name: "writes to the system and to the runner" },
    ...answering({ root: true, usr: true, runner: true, path: true }, "refused", minimal),
    code: trying({
      root: "refused(open, '/x', 'w')",
      usr: "refused(open, '/usr/lib/python3.11/os.py', 'a')",
      runner: "refused(open, sys.modules['assay_sandbox'].__file__, 'a')",
      path: "all(refused(open, os.path.join(folder, 'x.py'), 'w') for folder in sys.path if os.path.isdir(folder))",
    }),
  },
  {
    ...{ id: "Y11", name: "reads what is the host's, the runner's or another source's" },
    ...answering(
      {
        ...{ passwd: "ENOENT", environ: "ENOENT", maps: "ENOENT", sys: "ENOENT", home: "ENOENT" },
        ...{ account: "ENOENT", settings: "ENOENT", sources: true },
        root: [".fence", "dev", "lib", "lib64", "runner", "tmp", "usr"],
      },
      "nothing of it is there (ENOENT)",
      minimal,
    ),
    behindLandlock: {
      because: "other files are there, and cannot be opened",
      result: {
        ...{ passwd: "EACCES", environ: "EACCES", maps: "EACCES", sys: "EACCES", home: "EACCES" },
        ...{ account: "ENOENT", settings: "ENOENT", sources: true, root: "EACCES" },
      },
    },
    code: trying({
      ...{ passwd: "attempt(open, '/etc/passwd')", environ: "attempt(open, '/proc/1/environ')" },
      ...{
        maps: "attempt(open, '/proc/self/maps')",
        sys: "attempt(os.listdir, '/sys')",
        home: "attempt(os.listdir, '/root')",
      },
      account: "attempt(open, '/var/run/secrets/kubernetes.io/serviceaccount/token')",
      settings: "attempt(open, '/runner/.env')",
      sources: "listing('/runner') in (['assay_sandbox'], 'ENOENT')",
      root: "listing('/')",
    }),
  },
  {
    ...{ id: "Y12", name: "looks for secrets in the environment and in descriptors" },
    ...answering(
      { environment: ["HOME", "LANG", "MALLOC_ARENA_MAX", "PATH", "PWD", "TMPDIR"], open: [0, 1, 2, 3] },
      "finds none",
      "empty environment, descriptors closed",
    ),
    code: trying({
      environment: "sorted(os.environ)",
      open: "[fd for fd in range(1024) if attempt(os.fstat, fd) == 'done']",
    }),
  },
  {
    ...{ id: "Y13", name: "kills and stops everything it can see" },
    ...answering(["EPERM"], "refused (EPERM)", "system call filter: signals to itself only"),
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
  },
  {
    ...{ id: "Y14", name: "looks into other processes" },
    ...answering(
      { ptrace: "EPERM", read: "EPERM", fd: "EPERM", memory: "ENOENT" },
      "refused (EPERM, ENOENT)",
      "system call filter; no /proc",
    ),
    behindLandlock: {
      because: "/proc is there, and cannot be opened",
      result: { ptrace: "EPERM", read: "EPERM", fd: "EPERM", memory: "EACCES" },
    },
    code: trying({
      ptrace: "call('ptrace', 16, 1, 0, 0)",
      read: "call('process_vm_readv', 1, 0, 0, 0, 0, 0)",
      fd: "call('syscall', 438, 3, 3, 0)",
      memory: "attempt(open, '/proc/1/mem', 'rb')",
    }),
  },
  {
    ...{ id: "Y17", name: "links that lead the cleaning astray" },
    ...answering(
      { hard: true },
      "removed as links; nothing is followed",
      "cleaning that never follows a link; one file system per source",
    ),
    code: source(
      `place = os.environ["TMPDIR"]
runner = sys.modules["assay_sandbox"].__file__
os.symlink(os.path.dirname(runner), place + "/runner")
os.makedirs(place + "/a/b")
os.symlink(place + "/a", place + "/a/b/loop")
hard = attempt(os.link, runner, place + "/zygote") in ("EXDEV", "EPERM", "EACCES")
attempt(os.chmod, place + "/a", 0)
return {"hard": hard}`,
      attempts,
    ),
  },
  {
    ...{ id: "Y17b", name: "folders too deep to be cleaned" },
    ...answering("deep", "gone with its sandbox, which is replaced", "private /tmp"),
    code: source(`for n in range(300):\n    os.mkdir("d")\n    os.chdir("d")\nreturn "deep"`, "import os"),
  },
  {
    ...{ id: "Y30", name: "guesses the random numbers of another call" },
    ...answering(undefined, "each call has its own", "random numbers seeded anew in each fork, hashes per sandbox"),
    ...{ atOnce: 4, isDistinct: true },
    code: source(
      `if not sys.flags.hash_randomization: raise Exception("hashes can be predicted")
return {"random": [random.random(), random.getrandbits(64)]}`,
      "import random, sys",
    ),
  },
];
