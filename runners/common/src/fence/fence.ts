import { accessSync, constants, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { probeFence } from "./fence-probe.ts";
import { FenceError } from "./fence-remedy.ts";
import type { Fence } from "./fence-spec.ts";
import { inheritedDescriptors } from "./inherited-descriptors.ts";
import { sandboxSeccompFilter } from "./seccomp-filter.ts";
import { dynamicLoader, sharedLibrariesOf } from "./shared-libraries.ts";
import { openStaging, type Staging } from "./staging.ts";
import type { FenceArch } from "./system-calls.ts";

// The user "nobody" of every Linux; it owns nothing.
const unprivilegedId = 65534;
const programFolders = ["/usr/bin", "/bin", "/usr/local/bin", "/run/current-system/sw/bin"];

/** This machine's architecture, if the fence knows it. */
export function fenceArch(): FenceArch {
  const { arch, platform } = process;
  if (platform === "linux" && (arch === "x64" || arch === "arm64")) return arch;
  throw new FenceError({ what: "platform", platform: `${platform} on ${arch}` });
}

function findProgram(program: string, debianPackage: string): string {
  for (const folder of programFolders) {
    try {
      accessSync(`${folder}/${program}`, constants.X_OK);
      return `${folder}/${program}`;
    } catch {
      // Perhaps in the next folder.
    }
  }
  throw new FenceError({ what: "program", program, debianPackage });
}

function openStagingForOthers(): Staging {
  const folder = tmpdir();
  for (let path = folder; ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) throw new FenceError({ what: "staging", folder });
    if (path === "/") return openStaging(folder);
  }
}

/**
 * Finds out what keeps user code in on this machine, by running it and by trying to get out.
 * `sandbox: "off"` asks for no fence at all: for machines where every source is one's own.
 * @throws FenceError that names what is missing and how to get it
 */
export async function detectFence(options: { readonly sandbox: "on" | "off" }): Promise<Fence> {
  const inherited = inheritedDescriptors();
  if (options.sandbox === "off") return { kind: "off", inherited, close: () => {} };
  const arch = fenceArch();
  const bubblewrapPath = findProgram("bwrap", "bubblewrap");
  const prlimitPath = findProgram("prlimit", "util-linux");
  const libraries = await sharedLibrariesOf([prlimitPath]);
  const isRoot = process.getuid?.() === 0;
  const staging = isRoot ? openStagingForOthers() : undefined;
  const whole = {
    kind: "bubblewrap",
    bubblewrapPath,
    seccompFilter: sandboxSeccompFilter(arch),
    prlimit: { path: prlimitPath, loader: dynamicLoader(libraries), libraries },
    dropTo: isRoot ? unprivilegedId : undefined,
    disableUserns: true,
    staging,
    inherited,
    close: () => staging?.close(),
  } satisfies Fence;

  // Containers mount /proc/sys read-only, and bubblewrap cannot write the limit on user namespaces there. Root of a rootless
  // container has no other user to become; that its limits hold is for the probe to find out.
  const noLimit = { ...whole, disableUserns: false };
  const asItself = { dropTo: undefined, staging: undefined };
  const candidates: readonly Fence[] = isRoot
    ? [whole, noLimit, { ...whole, ...asItself }, { ...noLimit, ...asItself }]
    : [whole, noLimit];
  const refusals = new Set<string>();
  for (const candidate of candidates) {
    const { hasRun, stderr, holes } = await probeFence(candidate);
    if (hasRun && holes.length > 0) throw new FenceError({ what: "leaky", leaks: holes });
    if (hasRun) return candidate;
    refusals.add(stderr.trim());
  }
  throw new FenceError({ what: "refused", stderr: [...refusals].join("; ") });
}
