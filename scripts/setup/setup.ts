import { join } from "node:path";
import { withLock } from "../launch/lock.ts";
import { buildDashboard } from "./dashboard.ts";
import { ensurePackages, type PackageName } from "./packages.ts";
import { generatePrismaClient } from "./prisma-client.ts";
import { root } from "./run.ts";

export interface Needs {
  readonly packages?: readonly PackageName[];
  readonly prismaClient?: boolean;
  readonly dashboard?: boolean;
}

/**
 * Brings the checkout to where a script can run: npm runs no install scripts here, so nothing has been built yet. Done before: done in
 * a moment. Several roles may be started at once; they wait for each other.
 * @throws Failure
 */
export async function setUp({ packages = [], prismaClient = false, dashboard = false }: Needs): Promise<void> {
  await withLock(join(root, "node_modules", ".assay", "setup.lock"), async () => {
    await ensurePackages(packages);
    if (prismaClient) await generatePrismaClient();
    if (dashboard) await buildDashboard();
  });
}
