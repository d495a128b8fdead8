import { existsSync, readFileSync } from "node:fs";

function setting(path: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${path}`, "utf8").trim();
  } catch {
    return undefined;
  }
}

const container = [
  "In a container, allow user namespaces: run it with a seccomp profile that permits clone, clone3, unshare, mount, umount2,",
  "pivot_root and sethostname, and with apparmor=unconfined (Docker: --security-opt seccomp=<file> --security-opt",
  "apparmor=unconfined; Kubernetes: hostUsers: false, seccompProfile: Localhost, appArmorProfile: Unconfined).",
  "Neither --privileged nor SYS_ADMIN is needed.",
].join(" ");

/** What to do so that `bwrap` can make namespaces here, from what this machine forbids. One paragraph. */
function namespaceRemedy(): string {
  if (setting("user/max_user_namespaces") === "0") {
    return "This machine allows no user namespaces. Run, as root: sysctl -w user.max_user_namespaces=10000";
  }
  if (setting("kernel/unprivileged_userns_clone") === "0") {
    return "This machine keeps user namespaces from ordinary users. Run, as root: sysctl -w kernel.unprivileged_userns_clone=1";
  }
  if (setting("kernel/apparmor_restrict_unprivileged_userns") === "1") {
    return [
      "AppArmor keeps user namespaces from programs without a profile. As root, put this line into /etc/apparmor.d/bwrap and",
      "run `apparmor_parser -r /etc/apparmor.d/bwrap`:",
      "abi <abi/4.0>, profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }",
      "(or: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0).",
    ].join(" ");
  }
  if (existsSync("/.dockerenv") || existsSync("/run/.containerenv") || existsSync("/var/run/secrets/kubernetes.io")) {
    return container;
  }
  return `The kernel refuses what bubblewrap asks for. ${container}`;
}

/** Node says so when root lacks CAP_SETUID, or when the unprivileged user does not exist in this user namespace. */
function userRemedy(stderr: string): string {
  if (!/spawn E(?:PERM|INVAL)/.test(stderr)) return "";
  return "Root cannot become another user here: start the runner as an ordinary user (Docker: --user 1000:1000). ";
}

export type FenceObstacle =
  | { readonly what: "platform"; readonly platform: string }
  | { readonly what: "program"; readonly program: string; readonly debianPackage: string }
  | { readonly what: "staging"; readonly folder: string }
  | { readonly what: "refused"; readonly stderr: string }
  | { readonly what: "leaky"; readonly leaks: readonly string[] }
  /** What the kernel answers when asked for Landlock: ENOSYS, EOPNOTSUPP, … */
  | { readonly what: "landlockError"; readonly error: string }
  | { readonly what: "landlockAbi"; readonly abi: number; readonly least: number }
  | { readonly what: "landlockRefused"; readonly stderr: string }
  | { readonly what: "landlockLeaky"; readonly leaks: readonly string[] }
  /** Root that cannot become another user. */
  | { readonly what: "otherUsers" }
  | { readonly what: "both"; readonly bubblewrap: FenceObstacle; readonly landlock: FenceObstacle };

function landlockRemedy(error: string): string {
  if (error === "EOPNOTSUPP") {
    return "Landlock is switched off. Start the kernel with landlock in its parameter lsm=, such as lsm=landlock,lockdown,yama,apparmor.";
  }
  if (error === "EPERM") {
    return "this container forbids Landlock. Update its engine (Docker 23 or newer allows it), or permit landlock_* in its seccomp profile.";
  }
  return `the kernel has no Landlock (${error}). Use Linux 6.2 or newer that is built with it.`;
}

function explain(obstacle: FenceObstacle): string {
  switch (obstacle.what) {
    case "platform":
      return `it needs Linux on x64 or arm64, this is ${obstacle.platform}. Run the runner in a Linux container or virtual machine.`;
    case "program":
      return `the program ${obstacle.program} is missing. Install it: apt-get install -y ${obstacle.debianPackage}`;
    case "staging":
      return `the folder for temporary files, ${obstacle.folder}, cannot be entered by an unprivileged user. Set TMPDIR to one with mode 1777, such as /tmp.`;
    case "refused":
      return `bubblewrap failed: ${obstacle.stderr || "no message"}. ${userRemedy(obstacle.stderr)}${namespaceRemedy()}`;
    case "leaky":
      return `it does not hold here: ${obstacle.leaks.join("; ")}. Update bubblewrap (0.8 or newer) and the kernel (5.10 or newer), or run the runner on another machine.`;
    case "landlockError":
      return landlockRemedy(obstacle.error);
    case "landlockAbi":
      return `the kernel's Landlock is of version ${obstacle.abi}; ${obstacle.least} is needed. Use Linux 6.2 or newer.`;
    case "landlockRefused":
      return `Landlock failed: ${obstacle.stderr || "no message"}. Use Linux 6.2 or newer, and allow landlock_* and prctl in the container's seccomp profile.`;
    case "landlockLeaky":
      return `Landlock does not hold here: ${obstacle.leaks.join("; ")}. Run the runner on another machine.`;
    case "otherUsers":
      return "root cannot become another user here: start the runner as an ordinary user (Docker: --user 1000:1000).";
    case "both":
      return `${explain(obstacle.bubblewrap)} The weaker fence, which needs no namespaces, is impossible too: ${explain(obstacle.landlock)}`;
  }
}

/** The fence cannot be had here. The message names what is missing and how to get it. */
export class FenceError extends Error {
  readonly obstacle: FenceObstacle;
  /** The message without its frame. */
  readonly explanation: string;

  constructor(obstacle: FenceObstacle) {
    const explanation = explain(obstacle);
    super(
      `The sandbox for user code cannot be set up: ${explanation} Only if every source is your own: ASSAY_RUNNER_SANDBOX=off runs them without it.`,
    );
    this.name = "FenceError";
    this.obstacle = obstacle;
    this.explanation = explanation;
  }
}
