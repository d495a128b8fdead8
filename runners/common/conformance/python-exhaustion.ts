import { answering, killed, outOfMemory, stopped } from "./endings.ts";
import { source, trying, type Row } from "./python-code.ts";

const ended = { ...killed, happens: "its process is killed at its deadline", heldBy: "deadline" };
const noFork = "number of processes, which is used up by what belongs to the sandbox";
const noProcess = answering({ fork: "EAGAIN", vfork: "EAGAIN", spawn: "EAGAIN" }, "no process is made", noFork);

/** Time, memory, processes, files: what a source may take. */
export const exhaustionRows: readonly Row[] = [
  { id: "Y01", name: "endless loop", code: source("while True: pass"), ...ended },
  {
    ...{ id: "Y01b", name: "24 endless loops of one source at once", ...ended, atOnce: 24 },
    happens: "four at a time, each killed at its deadline; others go on answering",
    heldBy: "slots per source, deadline",
    code: source("while True: pass"),
  },
  { id: "Y02", name: "one endless call into C", code: source("return 10 ** 10 ** 8"), ...ended },
  {
    ...{ id: "Y02b", name: "regular expression that backtracks", ...ended },
    code: source(`return bool(re.match(r"(a+)+$", "a" * 40 + "b"))`, "import re"),
  },
  { id: "Y02c", name: "a sum of 10^12 numbers", code: source("return sum(range(10 ** 12))"), ...ended },
  { id: "Y02d", name: "a text of a gigabyte, searched", code: source(`return "a" * 10 ** 9 in "b"`), ...outOfMemory },
  { id: "Y03", name: "sleeps", code: source("time.sleep(1e6)", "import time"), ...ended },
  { id: "Y03b", name: "reads the channel itself", code: source("os.read(3, 100)", "import os"), ...ended },
  {
    id: "Y03c",
    name: "waits for another thread",
    code: source("threading.Event().wait()", "import threading"),
    ...ended,
  },
  { id: "Y04", name: "asks for 10 GB", code: source("return len(bytearray(10 ** 10))"), ...outOfMemory },
  {
    ...{ id: "Y04b", name: "lists without end, in three calls at once", ...outOfMemory, atOnce: 3 },
    // Behind all others on a busy machine its deadline may come first.
    expected: [...outOfMemory.expected, "TIMEOUT"],
    code: source("a = []\nwhile True: a.append(bytearray(1 << 20))"),
  },
  {
    ...{ id: "Y05", name: "fork bomb", ...noProcess },
    code: trying({
      fork: "attempt(os.fork)",
      vfork: "call('vfork')",
      spawn: "attempt(os.posix_spawn, '/usr/bin/python3.11', ['python3'], {})",
    }),
  },
  {
    ...{ id: "Y05b", name: "thread bomb" },
    ...answering(
      { isBounded: true },
      "a few threads, then no more; gone with its process",
      "address space, number of processes",
    ),
    behindLandlock: {
      because: "the threads of an ordinary user cannot be counted per sandbox; its address space bounds them",
      result: {},
      ignored: ["isBounded"],
    },
    code: source(
      `n = 0
try:
    while n < 1000:
        threading.Thread(target=time.sleep, args=(1000,)).start()
        n += 1
except RuntimeError:
    pass
return {"isBounded": 0 < n < 64}`,
      "import threading, time",
    ),
  },
  {
    ...{ id: "Y06", name: "daemon in a session of its own" },
    ...answering(
      { session: "EPERM", group: "EPERM", daemon: "EAGAIN" },
      "no process is made",
      `${noFork}; system call filter`,
    ),
    code: trying({ session: "attempt(os.setsid)", group: "attempt(os.setpgid, 0, 0)", daemon: "attempt(os.fork)" }),
  },
  {
    ...{ id: "Y07", name: "thread and exit handler that go on after the answer" },
    ...answering("answered", "the answer counts, its process is killed", "process per call, killed after it"),
    code: source(
      `def loop():
    while True: pass
threading.Thread(target=loop).start()
atexit.register(loop)
return "answered"`,
      "import atexit, threading",
    ),
  },
  {
    ...{ id: "Y08", name: "opens files without end" },
    ...answering({ error: 24, isBounded: true }, "refused at 64 (EMFILE)", "open files"),
    code: source(
      `held = []
try:
    while True: held.append(open("/dev/null"))
except OSError as error:
    return {"error": error.errno, "isBounded": len(held) < 64}`,
    ),
  },
  {
    ...{ id: "Y09", name: "fills the temporary folder" },
    ...answering(
      { error: 28 },
      "refused at 16 MiB (ENOSPC); wiped before the next call",
      "size of /tmp, which is its own",
    ),
    behindLandlock: {
      because: "the folder is on the machine's disk, and the sandbox looks at its size",
      expected: ["SANDBOX_LIMIT"],
      limit: "memory",
    },
    code: source(
      `try:
    for n in range(1000):
        with open("f%d" % n, "wb") as file: file.write(bytes(1 << 20))
except OSError as error:
    return {"error": error.errno}`,
    ),
  },
  {
    ...{ id: "Y09b", name: "a file without bound, sparse" },
    ...answering({ sparse: "EFBIG" }, "refused (EFBIG)", "size of a file"),
    code: trying({ sparse: "attempt(os.truncate, os.open('f', os.O_CREAT | os.O_WRONLY), 1 << 40)" }),
  },
  {
    ...{ id: "Y09c", name: "files without content, without end", ...outOfMemory },
    ...{ happens: "its process is killed, the files go", heldBy: "number of files, 2,000" },
    code: source(`n = 0\nwhile True:\n    n += 1\n    open("%d" % n, "w").close()`),
  },
  {
    ...{ id: "Y23", name: "blocks every signal", ...ended, heldBy: "SIGKILL, which nothing can block" },
    code: source(
      `signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True:
    try: time.sleep(1)
    except BaseException: pass`,
      "import signal, time",
    ),
  },
  {
    ...{ id: "Y23b", name: "handles every signal", ...stopped, heldBy: "SIGKILL, which nothing can handle" },
    code: source(
      `for number in signal.valid_signals():
    try: signal.signal(number, lambda *_: None)
    except (OSError, ValueError): pass
while True: pass`,
      "import signal",
    ),
  },
];
