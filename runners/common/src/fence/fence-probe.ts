import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { Fence } from "./fence-spec.ts";
import type { FencedChild } from "./fenced-child.ts";
import { spawnFenced } from "./spawn-fenced.ts";

const processes = 12;

/** Functions of the scripts: each prints one line per hole. Everything that starts with `must_fail` is an attempt to get out. */
const judges = `
must() { sh -c "$1" >/dev/null 2>&1 || echo "$2"; }
must_fail() { sh -c "$1" >/dev/null 2>&1 && echo "$2"; }
`;

/** Whatever keeps the program in. */
const everywhere = `
must_fail ': > /usr/probe' "/usr can be written"
must_fail 'unshare -U true' "a user namespace can be made inside"
must_fail 'bash -c "exec 9<>/dev/udp/127.0.0.1/9"' "a network socket can be opened"
must_fail 'ulimit -n 512' "the limit on open files can be raised"
must_fail 'env | grep -v -E "^(PATH|LANG|HOME|TMPDIR|PWD|OLDPWD|SHLVL|_)="' "the environment of the runner is visible"
`;

const manyProcesses = `'for n in $(seq ${2 * processes}); do sleep 5 & done' "the number of processes has no bound (start the runner as an ordinary user)"`;

const bubblewrapHoles = `
[ "$$" = 1 ] || echo "the program is not process 1 of its own process namespace"
must '[ "$(id -u)" = 65534 ]' "the program is not the user nobody"
must ': > /tmp/probe' "the private /tmp cannot be written"
must_fail '[ -e /etc/passwd ]' "/etc/passwd is visible"
must_fail '[ -e /proc/1 ] || [ -e /sys/kernel ]' "/proc or /sys is visible"
must_fail ': > /probe' "the root folder can be written"
must_fail 'dd if=/dev/urandom of=/tmp/big bs=65536 count=32' "the size of /tmp has no bound"
must_fail ${manyProcesses}
`;

/** Without namespaces: other paths exist, but cannot be opened; the supervisor exists, but cannot be signalled. */
const landlockHoles = ({ abi, takeUserId }: Extract<Fence, { kind: "landlock" }>): string => `
must_fail '[ "$(id -u)" = 0 ]' "the program is root"
must ': > "$TMPDIR/probe"' "the private folder for temporary files cannot be written"
must_fail 'read -r line < /etc/passwd' "/etc/passwd can be read"
must_fail 'read -r line < /proc/self/stat' "/proc can be read"
must_fail 'ls /' "the root folder can be listed"
must_fail ': > "$TMPDIR/../probe"' "folders beside the private one can be written"
must_fail 'chmod 700 "$TMPDIR/probe"' "the modes of files can be changed"
must_fail 'dd if=/dev/urandom of="$TMPDIR/big" bs=65536 count=32' "the size of a file has no bound"
${takeUserId === undefined ? "" : `must_fail ${manyProcesses}`}
${takeUserId === undefined && abi < 6 ? "" : 'must_fail "kill -0 $PPID" "the supervisor can be signalled"'}
`;

function holesScript(fence: Fence): string {
  const own = fence.kind === "landlock" ? landlockHoles(fence) : bubblewrapHoles;
  return `${judges}${everywhere}${own}`;
}

export interface ProbeResult {
  /** The fence could be set up and a program ran in it. */
  readonly hasRun: boolean;
  readonly stderr: string;
  /** What should have been impossible inside and was not. */
  readonly holes: readonly string[];
}

/** Runs a shell in the fence that tries to get out. The fence is as for user code, but all of /usr is visible. */
export async function probeFence(fence: Fence): Promise<ProbeResult> {
  const folders = ["/usr", "/bin", "/lib", "/lib64"].filter((path) => existsSync(path));
  const spec = {
    command: ["/bin/sh", "-c", `${holesScript(fence)}\necho ran`],
    readOnlyPaths: folders.map((path) => ({ host: path, inside: path })),
    tmpBytes: 1024 * 1024,
    forks: true as const,
    limits: { addressSpaceBytes: 1024 ** 3, cpuSeconds: 10, processes, openFiles: 64, fileBytes: 1024 ** 3 },
  };
  let child: FencedChild;
  try {
    child = spawnFenced(fence, spec);
  } catch (error) {
    return { hasRun: false, stderr: error instanceof Error ? error.message : String(error), holes: [] };
  }
  const [stdout, stderr, exit] = await Promise.all([text(child.stdout), text(child.stderr), child.exited]);
  const lines = stdout.split("\n").filter((line) => line !== "");
  return {
    hasRun: lines.at(-1) === "ran",
    stderr: exit.error === undefined ? stderr : exit.error.message,
    holes: lines.slice(0, -1),
  };
}
