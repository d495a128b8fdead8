import { settingsSuite } from "../../common/conformance/settings/settings-suite.ts";

const source = (body: string): string =>
  `import errno, os, socket, tempfile, time\ndef fetch_data(indicator, context):\n${body.replaceAll(/^/gm, "    ")}\n`;

/** Which of these acts succeed; none may. */
const tries = (...acts: readonly string[]): string =>
  source(`done = []
for name, act in {${acts.map((act) => `${JSON.stringify(act)}: lambda: ${act}`).join(", ")}}.items():
    try:
        act()
        done.append(name)
    except (OSError, PermissionError): pass
return {"done": done}`);

const nothing = '{"done":[]}';

settingsSuite(
  new URL("./main.ts", import.meta.url),
  {
    name: "calm",
    code: source(`with tempfile.TemporaryFile() as file: file.write(b"x")
return {"data": indicator.data, "left": os.listdir(tempfile.gettempdir())}`),
    ends: '{"data":"8.8.8.8","left":[]}',
  },
  [
    { name: "endless loop", code: source("while True: pass"), ends: "TIMEOUT", timeoutMs: 300 },
    { name: "memory", code: source("return len(bytearray(10 ** 10))"), ends: "SANDBOX_LIMIT" },
    {
      name: "files of the machine",
      code: tries(
        "open('/etc/passwd')",
        "open('/proc/1/environ')",
        "open('/proc/self/environ')",
        "os.listdir('/proc')",
      ),
      ends: nothing,
    },
    {
      name: "files of the runner",
      code: tries(
        "open(os.__file__, 'a')",
        "os.truncate(os.__file__, 0)",
        "os.chmod(os.__file__, 0o777)",
        "open('/x', 'w')",
      ),
      ends: nothing,
    },
    {
      name: "sockets, processes, signals",
      code: tries(
        ...["socket.socket()", "socket.socket(socket.AF_UNIX)", "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)"],
        ...["os.fork()", "os.kill(os.getppid(), 0)", "os.kill(1, 9)", "os.kill(-1, 9)", "os.setsid()"],
      ),
      ends: nothing,
    },
    {
      name: "the environment",
      code: source('return {"secret": "hunter2" in str(os.environ), "root": os.getuid() == 0}'),
      ends: '{"secret":false,"root":false}',
    },
    {
      name: "more temporary files than it may have",
      code: source(`held = []
try:
    for n in range(10000):
        with open(os.path.join(tempfile.gettempdir(), str(n)), "wb") as file: file.write(bytes(1 << 20))
        time.sleep(0.01)
except OSError as error:
    return {"full": error.errno == errno.ENOSPC}`),
      ends: /^(?:\{"full":true\}|SANDBOX_LIMIT)$/,
    },
    {
      name: "files that the next call must not find",
      code: source(`os.mkdir(os.path.join(tempfile.gettempdir(), "locked"), 0)
open(os.path.join(tempfile.gettempdir(), "left"), "w").close()
return {}`),
      ends: "{}",
    },
  ],
);
