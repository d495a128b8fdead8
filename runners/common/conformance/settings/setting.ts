import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { assembleSeccomp, type SeccompRule } from "../../src/fence/seccomp-assembler.ts";
import type { FenceArch } from "../../src/fence/system-calls.ts";

/** What a machine may give a runner, and what has to come of it. */
export interface Setting {
  readonly name: string;
  /** A command that becomes the program given after it. */
  readonly wrapper: readonly string[];
  /** The user that the program is. */
  readonly userId: number;
  /** The fence in force, or what the runner says when it refuses to start. */
  readonly outcome: "bubblewrap" | "landlock" | RegExp;
}

const ownId = process.getuid?.() ?? 0;
/** Of somebody who exists nowhere, or whoever this is where it is not root. */
const ordinaryId = ownId === 0 ? 54_321 : ownId;
const become = ownId === 0 ? [`--reuid=${ordinaryId}`, `--regid=${ordinaryId}`, "--clear-groups"] : [];
const noCapability = ["--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs"];
const ordinary = ["setpriv", ...become];

// What Docker hides and what it makes read-only.
const hiddenPlaces = [
  ...["asound", "acpi", "interrupts", "kcore", "keys", "latency_stats", "timer_list", "timer_stats", "sched_debug"],
  "scsi",
].map((name) => `/proc/${name}`);
const readOnlyPlaces = ["bus", "fs", "irq", "sys", "sysrq-trigger"].map((name) => `/proc/${name}`);
const maskProc = `set -e
for place in ${hiddenPlaces.join(" ")} /sys/firmware; do
  if [ -d $place ]; then mount -t tmpfs -o ro tmpfs $place; elif [ -e $place ]; then mount --bind /dev/null $place; fi
done
for place in ${readOnlyPlaces.join(" ")}; do
  if [ -e $place ]; then mount --bind $place $place; mount -o remount,bind,ro $place; fi
done
exec "$@"`;
const masked = ["unshare", "--mount", "--propagation", "private", "sh", "-c", maskProc, "sh"];

// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET: as Docker's own filter without SYS_ADMIN.
const namespaces = 0x7e020000;
const noNamespaces: readonly SeccompRule[] = [
  ...(["unshare", "setns", "mount", "pivot_root"] as const).map((call) => ({ call, action: { errno: 1 } })),
  { call: "clone", action: { errno: 1 }, whenAny: [{ argument: 0, is: "anyBitOf", value: namespaces }] },
  { call: "clone3", action: { errno: 38 } },
];
const noLandlock: readonly SeccompRule[] = [{ call: "landlock_create_ruleset", action: { errno: 1 } }];
const underFilterPath = fileURLToPath(new URL("./under_filter.py", import.meta.url));

const underFilter = (...rules: readonly SeccompRule[]): string[] => [
  ...["/usr/bin/python3", "-I", "-S", underFilterPath],
  assembleSeccomp(rules, process.arch as FenceArch).toString("hex"),
];

const asOrdinary = { userId: ordinaryId };
const asRoot = { userId: 0 };

/** Every setting that the fence knows what to do in. */
export const settings: readonly Setting[] = [
  { name: "root", wrapper: [], ...asRoot, outcome: "bubblewrap" },
  { name: "an ordinary user", wrapper: ordinary, ...asOrdinary, outcome: "bubblewrap" },
  {
    name: "a container with user namespaces, an ordinary user",
    wrapper: [...masked, ...ordinary, ...noCapability],
    ...asOrdinary,
    outcome: "bubblewrap",
  },
  {
    name: "a container with user namespaces, root without capabilities",
    wrapper: [...masked, "setpriv", ...noCapability],
    ...asRoot,
    outcome: /start the runner as an ordinary user/,
  },
  { name: "no user namespaces, root", wrapper: underFilter(...noNamespaces), ...asRoot, outcome: "landlock" },
  {
    name: "no user namespaces, an ordinary user",
    wrapper: [...ordinary, ...underFilter(...noNamespaces)],
    ...asOrdinary,
    outcome: "landlock",
  },
  {
    name: "a container without user namespaces, an ordinary user",
    wrapper: [...masked, ...ordinary, ...noCapability, ...underFilter(...noNamespaces)],
    ...asOrdinary,
    outcome: "landlock",
  },
  {
    name: "neither user namespaces nor Landlock",
    wrapper: [...ordinary, ...underFilter(...noNamespaces, ...noLandlock)],
    ...asOrdinary,
    outcome: /bubblewrap failed: .*allow user namespaces.*this container forbids Landlock.*ASSAY_RUNNER_SANDBOX=off/s,
  },
];

const lookAround = `
if (process.getuid() !== Number(process.argv[1])) throw new Error("this needs root");
require("node:fs").readFileSync(process.argv[2]);`;

/** Why this machine cannot make the setting, undefined where it can: it is made, and a program in it reads a file of the checkout. */
export function obstacleTo({ wrapper, userId }: Setting): string | undefined {
  const [command = "", ...args] = [
    ...wrapper,
    ...[process.execPath, "-e", lookAround, String(userId), fileURLToPath(import.meta.url)],
  ];
  const { error, status, stderr } = spawnSync(command, args, { encoding: "utf8", env: { PATH: "/usr/bin:/bin" } });
  if (error !== undefined) return error.message;
  if (status === 0) return undefined;
  return /^(?:\w*Error: )?.*(?:needs root|EACCES|denied|permitted).*$/m.exec(stderr)?.[0] ?? stderr.trim();
}
