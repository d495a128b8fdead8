import { existsSync } from "node:fs";
import { Failure } from "../failure.ts";
import { run } from "./run.ts";
import { sayWhile } from "./say.ts";

/** Debian packages that parts of Assay need, each with a file that shows that it is there. */
const packages = {
  bubblewrap: "/usr/bin/bwrap",
  python3: "/usr/bin/python3",
  "python3-requests": "/usr/lib/python3/dist-packages/requests",
  "python3-httpx": "/usr/lib/python3/dist-packages/httpx",
  "redis-server": "/usr/bin/redis-server",
  chromium: "/usr/bin/chromium",
} as const;

export type PackageName = keyof typeof packages;

/** What the fence of the runners needs: bubblewrap, or for Landlock a Python that starts programs behind it. */
export function fencePackages(sandbox: "on" | "bubblewrap" | "landlock" | "off"): PackageName[] {
  if (sandbox === "off") return [];
  return sandbox === "landlock" ? ["python3"] : ["bubblewrap"];
}

const install = ["install", "-y", "--no-install-recommends"];

async function apt(args: readonly string[]): Promise<void> {
  const { exitCode, output } = await run("apt-get", args, { DEBIAN_FRONTEND: "noninteractive" });
  if (exitCode === 0) return;
  throw new Failure(`apt-get ${args.join(" ")} failed: fix what it says and start again.\n${output.trim()}`);
}

/**
 * Sees to it that Debian packages are installed: as root by installing them, else by saying how.
 * @throws Failure where they are missing and cannot be installed from here.
 */
export async function ensurePackages(names: readonly PackageName[]): Promise<void> {
  const missing = names.filter((name) => !existsSync(packages[name]));
  if (missing.length === 0) return;
  const list = missing.join(" ");
  if (!existsSync("/usr/bin/apt-get")) {
    throw new Failure(`Missing on this machine: ${list} (names of Debian packages); install them and start again.`);
  }
  if (process.getuid?.() !== 0) {
    throw new Failure(
      `Missing on this machine: ${list}; install with\n  sudo apt-get update && sudo apt-get ${install.join(" ")} ${list}\nand start again.`,
    );
  }
  await sayWhile(`installing ${list}`, async () => {
    await apt(["update"]);
    await apt([...install, ...missing]);
  });
}
