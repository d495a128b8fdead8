import { answering } from "./endings.ts";
import { source, type Row } from "./python-code.ts";

/** Leaves something behind for other calls. */
export const traceRows: readonly Row[] = [
  {
    ...{ id: "Y29", name: "state left behind for the next call, and for other sources" },
    ...answering({ count: 1 }, "gone with its call", "process per call, forked before any call; sandbox per source"),
    atOnce: 4,
    code: source(
      `global count
count += 1
builtins.left = sys.modules["left"] = types.ModuleType("left")
json.loads = None
with open(os.environ["TMPDIR"] + "/left-%d" % os.getpid(), "w") as file: file.write("left")
return {"count": count}`,
      `import builtins, json, os, sys, types
count = 0
if hasattr(builtins, "left") or "left" in sys.modules or json.loads is None: raise Exception("state of an earlier call")`,
    ),
  },
];
