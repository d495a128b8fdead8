import { detectBubblewrap } from "./detect-bubblewrap.ts";
import { detectLandlock } from "./detect-landlock.ts";
import { FenceError } from "./fence-remedy.ts";
import type { Fence } from "./fence-spec.ts";
import { inheritedDescriptors } from "./inherited-descriptors.ts";

/** `on`: the best there is. `off`: none at all, for machines where every source is one's own. The others: this one or none. */
export type FenceChoice = "on" | "bubblewrap" | "landlock" | "off";

async function detectBest(): Promise<Fence> {
  try {
    return await detectBubblewrap();
  } catch (bubblewrap) {
    if (!(bubblewrap instanceof FenceError) || bubblewrap.obstacle.what === "platform") throw bubblewrap;
    try {
      return await detectLandlock(bubblewrap.explanation);
    } catch (landlock) {
      if (!(landlock instanceof FenceError)) throw landlock;
      throw new FenceError({ what: "both", bubblewrap: bubblewrap.obstacle, landlock: landlock.obstacle });
    }
  }
}

/**
 * Finds out what keeps user code in on this machine, by running it and by trying to get out.
 * @throws FenceError that names what is missing and how to get it
 */
export async function detectFence(options: { readonly sandbox: FenceChoice }): Promise<Fence> {
  switch (options.sandbox) {
    case "on":
      return detectBest();
    case "bubblewrap":
      return detectBubblewrap();
    case "landlock":
      return detectLandlock();
    case "off":
      return { kind: "off", inherited: inheritedDescriptors(), close: () => {} };
  }
}
