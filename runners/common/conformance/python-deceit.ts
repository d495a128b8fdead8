import { answering, failing, refusedResult, stopped } from "./endings.ts";
import { source, type Row } from "./python-code.ts";

const forged = (message = /channel/) =>
  failing(message, "its process is killed", "exactly one answer frame per call; all else is an error of the protocol");
const ownOnly = (result: unknown) =>
  answering(result, "only its own result is touched", "process per call; status and time are the supervisor's word");

/** Lies to whoever listens. */
export const deceitRows: readonly Row[] = [
  {
    ...{ id: "Y24", name: "replaces what the runner uses", ...ownOnly("mine") },
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
    ...{ id: "Y24b", name: "changes the runner's side through frames and the garbage collector", ...ownOnly("mine") },
    code: source(
      `sys.modules["__main__"].__dict__["SUPERVISOR"] = 99
frame = sys._getframe()
while frame:
    frame.f_globals["left"] = 1
    frame = frame.f_back
for thing in gc.get_objects():
    if type(thing).__name__ == "Zygote": thing.children.clear()
return "mine"`,
      "import gc, sys",
    ),
  },
  {
    ...{ id: "Y25", name: "two answers", ...forged() },
    code: source(`os.write(3, b"\\0\\0\\0\\x04Ar{}" * 2)\nreturn 1`, "import os"),
  },
  {
    ...{ id: "Y25b", name: "half an answer", ...stopped },
    code: source(`os.write(3, b"\\0\\0\\1\\0Ar")\ntime.sleep(1000)`, "import os, time"),
  },
  {
    ...{ id: "Y25c", name: "a frame of four gigabytes", ...forged() },
    code: source(`os.write(3, b"\\xff" * 1000)\ntime.sleep(1000)`, "import os, time"),
  },
  {
    ...{ id: "Y25d", name: "an answer that is not JSON", ...refusedResult(/not JSON/) },
    code: source(`os.write(3, b"\\0\\0\\0\\x04Ar{,")\ntime.sleep(1000)`, "import os, time"),
  },
  {
    ...{ id: "Y25e", name: "an end that only the supervisor's side may tell", ...forged() },
    code: source(`os.write(3, b"\\0\\0\\0\\x02X{")\ntime.sleep(1000)`, "import os, time"),
  },
  {
    ...{ id: "Y25f", name: "closes the channel", ...forged(/SIGKILL/) },
    code: source(`os.close(3)\ntime.sleep(1000)`, "import os, time"),
  },
  {
    ...{ id: "Y25g", name: "a refusal by the broker that never was", ...forged() },
    code: source(
      `body = b'Ap{"what":"egress","requestId":7}'\nos.write(3, len(body).to_bytes(4, "big") + body)\ntime.sleep(1000)`,
      "import os, time",
    ),
  },
  {
    ...{
      id: "Y25h",
      name: "floods the channel with requests",
      ...forged(/far more requests/),
      heldBy: "number and size of requests",
    },
    code: source(
      `os.write(3, b"\\0\\0\\0\\x08E\\0\\0\\0\\1xyz" * 300)
time.sleep(1000)`,
      "import os, time",
    ),
  },
  {
    ...{ id: "Y26", name: "floods its output, with control characters" },
    ...answering("done", "cut, and the log says so", "200 lines of 2,000 characters"),
    log: /more was logged; only the first 199 lines are kept/,
    code: source(
      `for n in range(100000): print("line %d" % n)\nprint("x" * 50_000_000)\nsys.stderr.write("\\x1b[2J\\r\\n\\0")\nreturn "done"`,
      "import sys",
    ),
  },
  {
    ...{ id: "Y26b", name: "bytes that are no text, and lines that look like others" },
    ...answering("done", "a line each, as data", "log lines are fields, never text of the runner's own log"),
    log: /^binary/,
    code: source(
      `sys.stdout.write("binary \\udcff \\x1b[31m\\r{\\"level\\":\\"error\\"}\\n")\nsys.stderr.write("y" * 5000)\nreturn "done"`,
      "import sys",
    ),
  },
  {
    ...{ id: "Y31", name: "hooks the interpreter", ...ownOnly(1) },
    code: source(
      `sys.settrace(lambda *a: None)
sys.setprofile(lambda *a: None)
threading.settrace(lambda *a: None)
sys.addaudithook(lambda *a: None)
gc.set_threshold(0)
faulthandler.dump_traceback_later(0.05, repeat=True, file=open(os.environ["TMPDIR"] + "/x", "w"))
return 1`,
      "import faulthandler, gc, os, sys, threading",
    ),
  },
];
