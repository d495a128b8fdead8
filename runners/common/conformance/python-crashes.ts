import { failing, stopped } from "./endings.ts";
import { source, type Row } from "./python-code.ts";

const crash = (message: RegExp) => failing(message, "its process ends, the answer says how", "process per call");
const raised = (message: RegExp) =>
  failing(message, "described, cut to 2,000 characters", "description made inside, under the deadline");

/** Ends its process, or throws what its describer chokes on. */
export const crashRows: readonly Row[] = [
  { id: "Y20", name: "reads address 0", code: source("ctypes.string_at(0)", "import ctypes"), ...crash(/SIGSEGV/) },
  {
    ...{ id: "Y20b", name: "recursion past the stack", ...crash(/SIGSEGV|RecursionError/) },
    code: source(
      `sys.setrecursionlimit(10 ** 9)\nclass A:\n    def __repr__(self): return repr(self)\nrepr(A())`,
      "import sys",
    ),
  },
  {
    id: "Y20c",
    name: "crashes the interpreter",
    code: source("faulthandler._sigsegv()", "import faulthandler"),
    ...crash(/SIGSEGV/),
  },
  {
    ...{ id: "Y20d", name: "a code object that is none", ...crash(/SIG[A-Z]+|exit code|Error/) },
    code: source(
      `def f(): pass
f.__code__ = f.__code__.replace(co_code=b"\\x64\\xff" * 50 + b"\\x53\\x00", co_stacksize=0)
return f()`,
    ),
  },
  { id: "Y21", name: "exits with success", code: source("os._exit(0)", "import os"), ...crash(/exit code 0/) },
  { id: "Y21b", name: "aborts", code: source("os.abort()", "import os"), ...crash(/SIGABRT/) },
  { id: "Y21c", name: "exits with failure", code: source("os._exit(1)", "import os"), ...crash(/exit code 1/) },
  { id: "Y22", name: "sys.exit", code: source("sys.exit(3)", "import sys"), ...raised(/^SystemExit: 3$/) },
  { id: "Y22b", name: "KeyboardInterrupt", code: source("raise KeyboardInterrupt"), ...raised(/^KeyboardInterrupt$/) },
  { id: "Y22c", name: "GeneratorExit", code: source("raise GeneratorExit"), ...raised(/^GeneratorExit$/) },
  {
    ...{ id: "Y22d", name: "a SystemExit of its own", ...raised(/^Leave: 7$/) },
    code: source("raise Leave(7)", "class Leave(SystemExit): pass"),
  },
  {
    ...{ id: "Y28", name: "an error whose text takes for ever", ...stopped },
    code: source("raise E", "class E(Exception):\n    def __str__(self):\n        while True: pass"),
  },
  {
    ...{ id: "Y28b", name: "an error that cannot be shown", ...raised(/^E: \(its/) },
    code: source("raise E", "class E(Exception):\n    def __str__(self): raise E"),
  },
  {
    id: "Y28c",
    name: "an error of 100 MB",
    code: source("raise ValueError('x' * 100_000_000)"),
    ...raised(/^ValueError: x{1000}/),
  },
  {
    ...{ id: "Y28d", name: "an error that is its own cause", ...raised(/^ValueError: round$/) },
    code: source(`error = ValueError("round")\nerror.__cause__ = error\nerror.__context__ = error\nraise error`),
  },
  {
    ...{ id: "Y28e", name: "an error that reads like a timeout", ...raised(/^RuntimeError: TIMEOUT/) },
    ...{ happens: "is its own error", heldBy: "outcomes are never read from texts" },
    code: source(`raise RuntimeError("TIMEOUT: The source took longer than its 1 ms.")`),
  },
];
