import { memory, returned, sourceError, source, timeout, trying, type Attack } from "./attack.ts";

/** Time, memory, processes, files: what a source may take. */
export const exhaustion: readonly Attack[] = [
  { id: "Y01", attack: "endless loop", code: source("while True: pass"), expect: timeout, timeoutMs: 300 },
  {
    id: "Y02a",
    attack: "one endless call into C",
    code: source("return 10 ** 10 ** 8"),
    expect: timeout,
    timeoutMs: 300,
  },
  {
    ...{ id: "Y02b", attack: "regular expression that backtracks", expect: timeout, timeoutMs: 300 },
    code: source(`return bool(re.match(r"(a+)+$", "a" * 40 + "b"))`, "import re"),
  },
  { id: "Y03a", attack: "sleeps", code: source("time.sleep(1e6)", "import time"), expect: timeout, timeoutMs: 300 },
  {
    id: "Y03b",
    attack: "reads the channel itself",
    code: source("os.read(3, 100)", "import os"),
    expect: timeout,
    timeoutMs: 300,
  },
  { id: "Y04a", attack: "asks for 10 GB", code: source("return len(bytearray(10 ** 10))"), expect: memory },
  {
    ...{ id: "Y04b", attack: "a list without end", expect: memory, timeoutMs: 20_000 },
    code: source("a = []\nwhile True: a.append(bytearray(1 << 20))"),
  },
  {
    ...{ id: "Y05a", attack: "fork bomb", expect: returned({ fork: "EAGAIN", vfork: "EAGAIN", spawn: "EAGAIN" }) },
    code: trying({
      fork: "attempt(os.fork)",
      vfork: "call('vfork')",
      spawn: "attempt(os.posix_spawn, '/usr/bin/python3.11', ['python3'], {})",
    }),
  },
  {
    ...{ id: "Y05b", attack: "thread bomb", expect: returned({ isBounded: true }) },
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
    ...{
      id: "Y06",
      attack: "daemon in a session of its own",
      expect: returned({ session: "EPERM", group: "EPERM", daemon: "EAGAIN" }),
    },
    code: trying({ session: "attempt(os.setsid)", group: "attempt(os.setpgid, 0, 0)", daemon: "attempt(os.fork)" }),
  },
  {
    ...{ id: "Y07", attack: "thread and exit handler that go on after the answer", expect: returned("answered") },
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
    ...{ id: "Y08", attack: "opens files without end", expect: returned({ error: 24, isBounded: true }) },
    code: source(
      `held = []
try:
    while True: held.append(open("/dev/null"))
except OSError as error:
    return {"error": error.errno, "isBounded": len(held) < 64}`,
    ),
  },
  {
    ...{ id: "Y09a", attack: "fills the temporary folder", expect: returned({ error: 28 }) },
    code: source(
      `try:
    for n in range(1000):
        with open("/tmp/f%d" % n, "wb") as file: file.write(bytes(1 << 20))
except OSError as error:
    return {"error": error.errno}`,
    ),
  },
  {
    ...{ id: "Y09b", attack: "a file without bound, sparse", expect: returned({ sparse: "EFBIG" }) },
    code: trying({ sparse: "attempt(os.truncate, os.open('/tmp/f', os.O_CREAT | os.O_WRONLY), 1 << 40)" }),
  },
  {
    ...{ id: "Y09c", attack: "files without content, without end", expect: memory, timeoutMs: 20_000 },
    code: source(`n = 0\nwhile True:\n    n += 1\n    open("/tmp/%d" % n, "w").close()`),
  },
  {
    ...{ id: "Y36", attack: "floods the channel with requests", expect: sourceError(/far more requests/) },
    code: source(
      `os.write(3, b"\\0\\0\\0\\x08E\\0\\0\\0\\1xyz" * 300)
time.sleep(1000)`,
      "import os, time",
    ),
  },
];
