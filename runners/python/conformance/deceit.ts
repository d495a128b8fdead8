import { returned, source, sourceError, timeout, type Attack } from "./attack.ts";

/** Crashes, and lies to whoever listens. */
export const deceit: readonly Attack[] = [
  {
    id: "Y20a",
    attack: "reads address 0",
    code: source("ctypes.string_at(0)", "import ctypes"),
    expect: sourceError(/SIGSEGV/),
  },
  {
    ...{ id: "Y20b", attack: "recursion past the stack", expect: sourceError(/SIGSEGV|RecursionError/) },
    code: source(
      `sys.setrecursionlimit(10 ** 9)\nclass A:\n    def __repr__(self): return repr(self)\nrepr(A())`,
      "import sys",
    ),
  },
  {
    id: "Y21a",
    attack: "exits with success",
    code: source("os._exit(0)", "import os"),
    expect: sourceError(/exit code 0/),
  },
  { id: "Y21b", attack: "aborts", code: source("os.abort()", "import os"), expect: sourceError(/SIGABRT/) },
  { id: "Y22a", attack: "sys.exit", code: source("sys.exit(3)", "import sys"), expect: sourceError(/^SystemExit: 3$/) },
  {
    id: "Y22b",
    attack: "KeyboardInterrupt",
    code: source("raise KeyboardInterrupt"),
    expect: sourceError(/^KeyboardInterrupt$/),
  },
  {
    ...{ id: "Y23", attack: "is deaf to every signal", expect: timeout, timeoutMs: 300 },
    code: source(
      `signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True:
    try: time.sleep(1)
    except BaseException: pass`,
      "import signal, time",
    ),
  },
  {
    ...{ id: "Y24", attack: "replaces what the runner uses", expect: returned("mine") },
    code: source(
      `json.dumps = lambda *a, **k: '{"forged": true}'
builtins.print = builtins.open = None
for name, module in list(sys.modules.items()):
    if name.startswith("assay_sandbox"): module.__dict__["write_all"] = None if name.endswith("zygote") else module.__dict__.get("write_all")
return "mine"`,
      "import builtins, json, sys",
    ),
  },
  {
    ...{ id: "Y25a", attack: "two answers", expect: sourceError(/channel/) },
    code: source(`os.write(3, b"\\0\\0\\0\\x04Ar{}" * 2)\nreturn 1`, "import os"),
  },
  {
    ...{ id: "Y25b", attack: "half an answer", expect: timeout, timeoutMs: 300 },
    code: source(`os.write(3, b"\\0\\0\\1\\0Ar")\ntime.sleep(1000)`, "import os, time"),
  },
  {
    ...{ id: "Y25c", attack: "a frame of four gigabytes", expect: sourceError(/channel/) },
    code: source(`os.write(3, b"\\xff" * 1000)\ntime.sleep(1000)`, "import os, time"),
  },
  {
    ...{
      id: "Y25d",
      attack: "an answer that is not JSON",
      expect: { outcome: "failed", code: "BAD_RESPONSE", message: /not JSON/ },
    },
    code: source(`os.write(3, b"\\0\\0\\0\\x04Ar{,")\ntime.sleep(1000)`, "import os, time"),
  },
  {
    ...{ id: "Y25e", attack: "an end that only the zygote may tell", expect: sourceError(/channel/) },
    code: source(`os.write(3, b"\\0\\0\\0\\x02X{")\ntime.sleep(1000)`, "import os, time"),
  },
  {
    ...{ id: "Y25f", attack: "closes the channel", expect: sourceError(/SIGKILL/) },
    code: source(`os.close(3)\ntime.sleep(1000)`, "import os, time"),
  },
  {
    ...{ id: "Y25g", attack: "a broker's refusal that never was", expect: sourceError(/channel/) },
    code: source(
      `body = b'Ap{"what":"egress","requestId":7}'\nos.write(3, len(body).to_bytes(4, "big") + body)\ntime.sleep(1000)`,
      "import os, time",
    ),
  },
  {
    ...{ id: "Y25h", attack: "an error that reads like a timeout", expect: sourceError(/^RuntimeError: TIMEOUT/) },
    code: source(`raise RuntimeError("TIMEOUT: The source took longer than its 1 ms.")`),
  },
  {
    ...{ id: "Y26", attack: "floods its output", expect: returned("done") },
    code: source(
      `for n in range(100000): print("line %d" % n)\nprint("x" * 50_000_000)\nsys.stderr.write("\\x1b[2J\\r\\n\\0")\nreturn "done"`,
      "import sys",
    ),
  },
  {
    id: "Y28a",
    attack: "an error without end",
    code: source("raise E", "class E(Exception):\n    def __str__(self):\n        while True: pass"),
    expect: timeout,
    timeoutMs: 300,
  },
  {
    id: "Y28b",
    attack: "an error that cannot be shown",
    code: source("raise E", "class E(Exception):\n    def __str__(self): raise E"),
    expect: sourceError(/^E: \(its/),
  },
  {
    id: "Y28c",
    attack: "an error of 100 MB",
    code: source("raise ValueError('x' * 100_000_000)"),
    expect: sourceError(/^ValueError: x{1000}/),
  },
  {
    ...{ id: "Y31", attack: "hooks the interpreter", expect: returned(1) },
    code: source(
      `sys.settrace(lambda *a: None)
sys.addaudithook(lambda *a: None)
gc.set_threshold(0)
faulthandler.dump_traceback_later(0.05, repeat=True, file=open("/tmp/x", "w"))
return 1`,
      "import faulthandler, gc, sys",
    ),
  },
  {
    id: "Y33a",
    attack: "source nested without end",
    code: `x = ${"(".repeat(100_000)}`,
    expect: sourceError(/SyntaxError|MemoryError|RecursionError/),
  },
  {
    id: "Y33b",
    attack: "source of 300,000 signs",
    code: `x = ${"-".repeat(300_000)}1`,
    expect: sourceError(/Error|ended/),
  },
  {
    id: "Y33c",
    attack: "constant that grows at compile time",
    code: `x = ("a" * 4000) * (10 ** 10)\n`,
    expect: sourceError(/MemoryError|OverflowError/),
  },
  { id: "Y33d", attack: "dies while it is loaded", code: "import os\nos.abort()\n", expect: sourceError(/SIGABRT/) },
];
