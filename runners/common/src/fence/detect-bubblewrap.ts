import { probeFence } from "./fence-probe.ts";
import { FenceError } from "./fence-remedy.ts";
import type { Fence } from "./fence-spec.ts";
import { endOrphans } from "./orphans.ts";
import { inheritedDescriptors } from "./inherited-descriptors.ts";
import { fenceArch, findProgram, openStagingForOthers } from "./machine.ts";
import { sandboxSeccompFilter } from "./seccomp-filter.ts";
import { dynamicLoader, sharedLibrariesOf } from "./shared-libraries.ts";

// The user "nobody" of every Linux; it owns nothing.
const unprivilegedId = 65534;

/**
 * The fence of bubblewrap, as far as this machine lets it be had.
 * @throws FenceError that names what is missing and how to get it
 */
export async function detectBubblewrap(): Promise<Fence> {
  const arch = fenceArch();
  const bubblewrapPath = findProgram("bwrap", "bubblewrap");
  const prlimitPath = findProgram("prlimit", "util-linux");
  const libraries = await sharedLibrariesOf([prlimitPath]);
  endOrphans();
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
    inherited: inheritedDescriptors(),
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
    if (hasRun && holes.length === 0) return candidate;
    if (hasRun) {
      whole.close();
      throw new FenceError({ what: "leaky", leaks: holes });
    }
    refusals.add(stderr.trim());
  }
  whole.close();
  throw new FenceError({ what: "refused", stderr: [...refusals].join("; ") });
}
